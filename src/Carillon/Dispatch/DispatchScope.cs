namespace Carillon.Dispatch;

/// <summary>The scope of a dispatch, as generated plans see it.</summary>
public abstract class DispatchScope
{
    private protected DispatchScope(IServiceProvider services) => Services = services;

    /// <summary>Where inline listeners and their dependencies are resolved.</summary>
    public IServiceProvider Services { get; }
}
