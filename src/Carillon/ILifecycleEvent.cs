namespace Carillon;

/// <summary>An event of the host, not of the application: that it has started, that a request came in.</summary>
/// <remarks>
/// It reaches the listeners that ask for it, by its type or by an interface; not those of <c>object</c>. Whoever records everything that happens in an
/// application means what the application dispatches.
/// </remarks>
public interface ILifecycleEvent;
