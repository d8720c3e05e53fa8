namespace Carillon.EventSourcing;

/// <summary>A stream was read to which nobody has appended anything.</summary>
public sealed class StreamNotFoundException : CarillonException
{
    internal StreamNotFoundException(string stream)
        : base($"There is no stream '{stream}': nothing was ever appended to it, or it was in a transaction that is not committed. "
            + "See that the name is right; FindVersionAsync tells whether a stream exists, without an exception.") =>
        Stream = stream;

    /// <summary>The stream.</summary>
    public string Stream { get; }
}
