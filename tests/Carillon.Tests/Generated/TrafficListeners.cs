using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Tests.Generated;

internal sealed class TrafficListeners(Clock clock)
{
    [OnEvent(Priority = 10)]
    public void First(CarParked e, Clock parameter)
    {
        e.Seen.Add("first");
        ReferenceEquals(clock, parameter).ShouldBeTrue();
    }

    [OnEvent]
    public async Task Second(VehicleMoved e, CancellationToken cancellationToken)
    {
        await Task.Yield();
        cancellationToken.CanBeCanceled.ShouldBeTrue();
        e.Seen.Add("second");
    }

    [OnEvent(Priority = -1)]
    public static int Third(IMoved e)
    {
        e.Seen.Add("third");
        return 3;
    }

    [OnEvent(Priority = -2)]
    public ValueTask Fourth(CarParked e, [FromKeyedServices("red")] string colour, IUnregistered? optional = null)
    {
        e.Seen.Add($"fourth {colour} {optional is null}");
        return ValueTask.CompletedTask;
    }

    [OnEvent]
    public void Stop(TrainStoppedEvent e)
    {
        e.Seen.Add("stop");
        e.IsPropagationStopped = true;
    }

    [OnEvent(Priority = -1)]
    public void NotReached(TrainStoppedEvent e) => e.Seen.Add("not reached");

    [OnEvent(Priority = 1)]
    public void WithContext(BusDelayed e, EventContext context) => e.Seen.Add(context.EventName);

    [OnEvent]
    public void WithoutContext(BusDelayed e) => e.Seen.Add("plain");

    [OnEvent(Delivery.Durable, Id = "tickets", MaxAttempts = 2)]
    public void Ticket(TicketSold e, Ledger ledger) => ledger.Tickets.Add(e.Number);

    [OnEvent(Delivery.Background)]
    public async Task Gate(GateOpened e, Ledger ledger)
    {
        await e.Until;
        ledger.Gates.Add(e.Number);
    }
}
