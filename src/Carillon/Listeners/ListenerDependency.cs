namespace Carillon.Listeners;

/// <summary>A service that a listener needs: its own class, or one of its parameters.</summary>
/// <param name="ServiceType">The type of the service.</param>
/// <param name="Key">The key of a keyed service; null for an ordinary one.</param>
public sealed record ListenerDependency(Type ServiceType, object? Key = null);
