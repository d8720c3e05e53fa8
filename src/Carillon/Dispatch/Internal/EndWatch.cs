using Carillon.Listeners;
using Carillon.Transactions.Internal;

namespace Carillon.Dispatch.Internal;

/// <summary>Tells somebody how a unit of work ends, by the same phases in which listeners are called, and with their savepoints.</summary>
internal static class EndWatch
{
    // By which it is known that no listener of the application waits.
    private const string Id = "carillon.watch";

    internal static void Add(PendingWork work, EventDispatcher dispatcher, object @event, string eventName, Action<Delivery> tell)
    {
        var phases = new PhaseRunner(dispatcher.Services);
        foreach (var phase in (ReadOnlySpan<Delivery>)[Delivery.AfterCommit, Delivery.AfterRollback, Delivery.AfterCompletion])
        {
            work.Add(new PhasedCall(phases, Create(phase, tell), @event, eventName, Guid.Empty, dispatcher));
        }
    }

    internal static bool Is(PhasedCall call) => call.Listener.Id == Id;

    private static Listener Create(Delivery phase, Action<Delivery> tell) => new(
        Id,
        typeof(object),
        (object _, in ListenerCall _) =>
        {
            tell(phase);
            return ValueTask.CompletedTask;
        })
    {
        Delivery = phase,
        CanDispatch = false,
    };
}
