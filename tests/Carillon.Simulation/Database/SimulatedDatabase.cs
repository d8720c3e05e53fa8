using System.Text.Json;
using Carillon.Deliveries;
using Carillon.Deliveries.InMemory;
using Carillon.Simulation.Application;

namespace Carillon.Simulation.Database;

/// <summary>What outlives processes: the deliveries, and the tables of the application. Changes happen between two steps, all of a transaction at once.</summary>
internal sealed class SimulatedDatabase
{
    internal InMemoryDeliveryStore Deliveries { get; } = new();

    /// <summary>The place of each order among those that its ordered listener is to hear of.</summary>
    internal Dictionary<int, long> Places { get; } = [];

    /// <summary>The orders that are committed, by number.</summary>
    internal Dictionary<int, string> Orders { get; } = [];

    /// <summary>What listeners have done: which one, for which order, in which order of things.</summary>
    internal List<(string Listener, int Order)> Effects { get; } = [];

    /// <summary>Who has heard of which confirmation, and of which event.</summary>
    internal List<(int Order, Guid EventId)> Confirmations { get; } = [];

    /// <summary>Who has heard of which time of the schedule, and by which event.</summary>
    internal List<(DateTimeOffset At, Guid EventId)> Shifts { get; } = [];

    internal bool Add(IReadOnlyList<NewDelivery> deliveries, bool areOrdered = true)
    {
        var written = areOrdered ? deliveries : [.. deliveries.Select(WithoutKey)];
        var added = AtOnce.Now(Deliveries.AddAsync(written, CancellationToken.None));
        foreach (var delivery in written.Where(static delivery => delivery.ListenerId == OrderListeners.Ordered))
        {
            using var payload = JsonDocument.Parse(delivery.Envelope.Payload);
            Places[payload.RootElement.GetProperty("number").GetInt32()] = delivery.Id;
        }

        return added;
    }

    private static NewDelivery WithoutKey(NewDelivery delivery) =>
        new()
        {
            Envelope = delivery.Envelope,
            ListenerId = delivery.ListenerId,
            DueAt = delivery.DueAt,
            Queue = delivery.Queue,
            Priority = delivery.Priority,
            Unique = delivery.Unique,
        };
}
