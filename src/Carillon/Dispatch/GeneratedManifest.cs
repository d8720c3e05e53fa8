using Carillon.Listeners;

namespace Carillon.Dispatch;

/// <summary>A manifest with the plans that call its listeners, each of them alone. Generated code derives from it.</summary>
/// <threadsafety>Safe for concurrent use: one instance serves every application of the process.</threadsafety>
public abstract class GeneratedManifest : ListenerManifest
{
    /// <inheritdoc cref="ListenerManifest(string)"/>
    protected GeneratedManifest(string text)
        : base(text)
    {
    }

    /// <summary>Makes the plan, at the first dispatch of such an event.</summary>
    /// <param name="plan">The number of the plan.</param>
    /// <param name="lifetimes">Tells which services are registered, and as what.</param>
    public abstract EventPlan CreatePlan(int plan, ServiceLifetimes lifetimes);
}
