namespace Carillon.Dispatch.Internal;

/// <summary>Where a dispatch looks for its plan first: by the number of the event's type. What is not there takes the slow path.</summary>
internal abstract class PlanSlots
{
    // A field for those who dispatch: before code is optimized, an accessor is a call.
    internal volatile EventPlan?[] Slots = [];

    /// <summary>Nothing in it, for ever: a scope whose events wait looks here, so that those that do not wait need not be asked.</summary>
    internal static PlanSlots None { get; } = new NoSlots();

    private sealed class NoSlots : PlanSlots;
}
