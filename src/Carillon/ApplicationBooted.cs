namespace Carillon;

/// <summary>Dispatched once, when every hosted service of the host has started; in ASP.NET Core the server takes requests then.</summary>
/// <param name="OccurredAt">When the host had started.</param>
/// <remarks>In a scope of its own. A listener that throws fails the start of the host. Nothing is made or dispatched while nobody listens.</remarks>
[Event("application.booted")]
public sealed record ApplicationBooted(DateTimeOffset OccurredAt) : ILifecycleEvent;
