using System.Data.Common;
using Carillon.Simulation.Database;
using Carillon.Simulation.Processes;
using Carillon.Simulation.World;

namespace Carillon.Simulation.Application;

/// <summary>One listener of each kind. Each leaves a trace in the database, somewhere between two steps, and may fail before or after.</summary>
internal sealed class OrderListeners(SimulatedWorld world, SimulatedProcess process)
{
    internal const string Plain = "plain", Ordered = "ordered", Once = "once", Brief = "brief", Confirmed = "confirmed";

    [OnEvent(Delivery.Durable, Id = Plain)]
    public Task PlainAsync(OrderPlaced e, CancellationToken ct) => LeaveAsync(Plain, e, ct);

    [OnEvent(Delivery.Durable, Id = Ordered, Ordered = true)]
    public Task OrderedAsync(OrderPlaced e, CancellationToken ct) => LeaveAsync(Ordered, e, ct);

    /// <summary>Gives up soon: what has failed for good is kept as failed.</summary>
    [OnEvent(Delivery.Durable, Id = Brief, MaxAttempts = 2)]
    public Task BriefAsync(OrderPlaced e, CancellationToken ct) => LeaveAsync(Brief, e, ct);

    /// <summary>Does its work in the transaction that completes its delivery: once, whatever happens. What it dispatches belongs to it.</summary>
    [OnEvent(Delivery.Durable, Id = Once, Transactional = true)]
    public async Task OnceAsync(OrderPlaced e, DbTransaction transaction, IEventDispatcher events, CancellationToken ct)
    {
        await StepAsync($"runs {Once} for {e.Number}", ct);
        ((SimulatedTransaction)transaction).Change(() => world.Database.Effects.Add((Once, e.Number)));
        await events.DispatchAsync(new OrderConfirmed(e.Number), ct);
        await StepAsync($"ran {Once} for {e.Number}", ct);
    }

    [OnEvent(Delivery.Durable, Id = Confirmed)]
    public async Task ConfirmedAsync(OrderConfirmed e, EventContext context, CancellationToken ct)
    {
        await StepAsync($"runs {Confirmed} for {e.Number}", ct);
        world.Database.Confirmations.Add((e.Number, context.EventId));
        await StepAsync($"ran {Confirmed} for {e.Number}", ct);
    }

    [OnEvent(Delivery.Durable, Id = "shift")]
    public async Task ShiftAsync(ShiftEnded e, EventContext context, CancellationToken ct)
    {
        await StepAsync($"runs shift for {e.At:HH:mm:ss}", ct);
        world.Database.Shifts.Add((e.At, context.EventId));
        await StepAsync($"ran shift for {e.At:HH:mm:ss}", ct);
    }

    private async Task LeaveAsync(string listener, OrderPlaced e, CancellationToken ct)
    {
        await StepAsync($"runs {listener} for {e.Number}", ct);
        world.Database.Effects.Add((listener, e.Number));
        await StepAsync($"ran {listener} for {e.Number}", ct);
    }

    private async Task StepAsync(string name, CancellationToken ct)
    {
        await world.Scheduler.StepAsync(process, name, ct);
        if (world.Scheduler.Chance(world.Weather.ListenerFails))
        {
            throw new InjectedFaultException($"A listener failed: {name}.");
        }
    }
}
