namespace Carillon.Envelopes.Internal;

/// <summary>One step of an event from a version to the next.</summary>
/// <param name="EventType">The type that the event has today.</param>
/// <param name="FromVersion">The version that it takes.</param>
/// <param name="Name">How messages name it.</param>
/// <param name="Create">Finds or makes what takes the step.</param>
internal sealed record UpcastStep(Type EventType, int FromVersion, string Name, Func<IServiceProvider, IEventUpcaster> Create);
