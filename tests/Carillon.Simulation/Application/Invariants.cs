using Carillon.Simulation.Database;
using Carillon.Deliveries;
using Carillon.Simulation.World;

namespace Carillon.Simulation.Application;

/// <summary>What must hold when everything has come to rest, whatever went wrong on the way.</summary>
internal static class Invariants
{
    internal static void Check(SimulatedWorld world)
    {
        NothingCommittedIsLost(world);
        NothingRolledBackRuns(world);
        OrderHolds(world);
        TransactionalEffectsHappenOnce(world);
        EachTimeOfTheScheduleIsOneEvent(world);
        NoLeaseIsHeld(world);
    }

    private static void NothingCommittedIsLost(SimulatedWorld world)
    {
        foreach (var order in world.Database.Orders.Keys.Concat(world.Ledger.Promised))
        {
            foreach (var listener in (string[])[OrderListeners.Plain, OrderListeners.Ordered])
            {
                Require(
                    world.Database.Effects.Contains((listener, order)),
                    $"Order {order} is committed, but its listener '{listener}' has never run.");
            }

            Require(
                world.Database.Effects.Contains((OrderListeners.Brief, order)) || HasFailed(world, order),
                $"Order {order} is committed, but its listener '{OrderListeners.Brief}' has neither run nor failed.");
        }
    }

    private static void NothingRolledBackRuns(SimulatedWorld world)
    {
        foreach (var (listener, order) in world.Database.Effects)
        {
            Require(
                !world.Ledger.InUnitsOfWork.Contains(order) || world.Database.Orders.ContainsKey(order),
                $"Order {order} is not committed, but its listener '{listener}' has run.");
        }
    }

    /// <summary>For each customer, each order is reached for the first time after every one that was stored before it.</summary>
    private static void OrderHolds(SimulatedWorld world)
    {
        var reached = new Dictionary<string, long>();
        var seen = new HashSet<int>();
        foreach (var (_, order) in world.Database.Effects.Where(static effect => effect.Listener == OrderListeners.Ordered))
        {
            if (seen.Add(order) && world.Database.Orders.TryGetValue(order, out var customer) && world.Database.Places.TryGetValue(order, out var place))
            {
                Require(
                    !reached.TryGetValue(customer, out var last) || last < place,
                    $"Order {order} of {customer} was stored as number {place} and reached after number {reached.GetValueOrDefault(customer)}.");
                reached[customer] = place;
            }
        }
    }

    private static void TransactionalEffectsHappenOnce(SimulatedWorld world)
    {
        foreach (var order in world.Database.Orders.Keys)
        {
            var effects = world.Database.Effects.Count(effect => effect == (OrderListeners.Once, order));
            Require(effects == 1, $"The transactional listener '{OrderListeners.Once}' of order {order} has left {effects} effects; it should be one.");
            var confirmations = world.Database.Confirmations.Where(confirmation => confirmation.Order == order).Select(static confirmation => confirmation.EventId).Distinct().Count();
            Require(confirmations == 1, $"What the transactional listener '{OrderListeners.Once}' of order {order} dispatched was heard as {confirmations} events; it should be one.");
        }
    }

    private static void EachTimeOfTheScheduleIsOneEvent(SimulatedWorld world)
    {
        foreach (var time in world.Database.Shifts.Distinct().GroupBy(static shift => shift.At))
        {
            Require(time.Count() == 1, $"The time {time.Key:HH:mm:ss} of the schedule was dispatched as {time.Count()} events; it should be one.");
        }

        var passed = world.Scheduler.Time.GetUtcNow() - Scheduler.Start;
        Require(passed < TimeSpan.FromSeconds(60) || world.Database.Shifts.Count > 0, $"In {passed} the schedule has not run once.");
    }

    private static void NoLeaseIsHeld(SimulatedWorld world)
    {
        var counts = AtOnce.Now(world.Database.Deliveries.CountAsync(world.Scheduler.Time.GetUtcNow(), CancellationToken.None));
        Require(!counts.ContainsKey(DeliveryState.Leased), "A lease is held though everything is at rest.");
    }

    private static bool HasFailed(SimulatedWorld world, int order)
    {
        var failed = new DeliveryQuery { State = DeliveryState.Failed, ListenerId = OrderListeners.Brief, Text = $"\"number\":{order},", PageSize = 1000 };
        return AtOnce.Now(world.Database.Deliveries.ListAsync(failed, world.Scheduler.Time.GetUtcNow(), CancellationToken.None)).Count > 0;
    }

    private static void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new SimulationFailedException(otherwise);
        }
    }
}
