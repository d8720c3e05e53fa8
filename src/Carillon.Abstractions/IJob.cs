namespace Carillon;

/// <summary>A piece of work with exactly one handler of its own, which is pushed rather than dispatched.</summary>
/// <remarks>An event says what has happened, and whoever cares listens; a job says what is to be done. It is named and stored as an event is, by <see cref="EventAttribute"/> or its type.</remarks>
/// <seealso cref="OnJobAttribute"/>
#pragma warning disable CA1040 // A mark that a generic method can ask for, which an attribute is not.
public interface IJob;
#pragma warning restore CA1040
