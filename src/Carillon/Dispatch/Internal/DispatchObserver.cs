using Carillon.Diagnostics.Internal;

namespace Carillon.Dispatch.Internal;

/// <summary>Puts a span and a measure around dispatches, for scopes that begin while somebody wants them. Plans of other scopes know nothing of it.</summary>
internal sealed class DispatchObserver(Instruments instruments, TimeProvider time)
{
    internal bool IsWanted => Telemetry.Source.HasListeners() || instruments.DispatchDuration.IsEnabled;

    /// <summary>What nobody listens to is not worth a span.</summary>
    internal EventPlan Around(string eventName, EventPlan plan) =>
        plan.IsEmpty ? plan : new ObservedPlan(eventName, instruments.DispatchDuration, time, plan);
}
