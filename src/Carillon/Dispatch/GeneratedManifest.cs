using Carillon.Listeners;

namespace Carillon.Dispatch;

/// <summary>A manifest with the code that calls its listeners, each of them alone. Generated code derives from it.</summary>
/// <threadsafety>Safe for concurrent use: one instance serves every application of the process.</threadsafety>
public abstract class GeneratedManifest : ListenerManifest
{
    /// <summary>Calls the listener of a plan without the plan: what the first dispatches of an event do.</summary>
    /// <param name="plan">The number of the plan.</param>
    /// <param name="event">The event.</param>
    /// <param name="call">What the listener is called with besides.</param>
    public abstract void Call(int plan, object @event, ref LoneCall call);

    /// <summary>Makes the plan, once such an event has been dispatched so often that it pays.</summary>
    /// <param name="plan">The number of the plan.</param>
    /// <param name="lifetimes">Tells which services are registered, and as what.</param>
    public abstract EventPlan CreatePlan(int plan, ServiceLifetimes lifetimes);
}
