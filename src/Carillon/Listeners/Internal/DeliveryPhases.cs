namespace Carillon.Listeners.Internal;

/// <summary>Which kinds of listeners wait for a phase of a unit of work.</summary>
internal static class DeliveryPhases
{
    internal static bool IsPhase(this Delivery delivery) => delivery is >= Delivery.BeforeCommit and <= Delivery.AfterCompletion;

    /// <summary>The kind in the words of messages.</summary>
    internal static string Words(this Delivery delivery) => delivery switch
    {
        Delivery.BeforeCommit => "before-commit",
        Delivery.AfterCommit => "after-commit",
        Delivery.AfterRollback => "after-rollback",
        Delivery.AfterCompletion => "after-completion",
        Delivery.Durable => "durable",
        Delivery.Background => "background",
        _ => "inline",
    };
}
