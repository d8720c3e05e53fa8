using Carillon.Deliveries;

namespace Carillon.Conformance.Internal;

/// <summary>Whether a store might lease what it has leased, in this order, and might leave what it has left.</summary>
internal static class ModelLeasing
{
    internal static void Lease(this ModelStore model, LeaseRequest request, IReadOnlyList<LeasedDelivery> leased)
    {
        if (model.Paused.Contains(request.Queue))
        {
            leased.ShouldBeEmpty("the queue is paused");
            return;
        }

        var running = model.Rows.Count(row => row.Written.Queue == request.Queue && row.IsLeasedAt(request.Now));
        var room = request.Limit > 0 ? Math.Min(request.MaxCount, request.Limit - running) : request.MaxCount;
        leased.Count.ShouldBeLessThanOrEqualTo(Math.Max(room, 0), "no more than there is room for");

        // A dead worker's lease may keep those that are parked behind it until somebody has looked at it; so they may come after their place, or not yet.
        var late = model.Rows
            .Where(row => row is { IsWaiting: true, IsSeenParked: true, Key: not null } && model.OthersOfKey(row).Any(other => other.IsLapsedAt(request.Now)))
            .ToHashSet();
        var passed = new Dictionary<long, ModelDelivery>();
        var next = 0;
        foreach (var row in Candidates(model, request))
        {
            while (next < leased.Count && passed.Remove(leased[next].Id, out var found))
            {
                Take(model, found, leased[next++], request);
            }

            if (next == Math.Max(room, 0))
            {
                break;
            }

            if (next < leased.Count && leased[next].Id == row.Id)
            {
                Take(model, row, leased[next++], request);
            }
            else if (late.Contains(row))
            {
                passed.Add(row.Id, row);
            }
            else
            {
                model.IsBlocked(row, request.Now).ShouldBeTrue($"{row.Id} is due, nothing keeps it from being leased, and there was room at its place");
            }
        }

        while (next < leased.Count && passed.Remove(leased[next].Id, out var found))
        {
            Take(model, found, leased[next++], request);
        }

        next.ShouldBe(leased.Count, "what was leased besides could not be, or not at this place");
    }

    private static List<ModelDelivery> Candidates(ModelStore model, LeaseRequest request) =>
    [
        .. model.Rows
            .Where(row => row.Written.Queue == request.Queue && (row.IsWaiting || row.State == DeliveryState.Leased) && row.DueAt <= request.Now)
            .OrderByDescending(row => row.Written.Priority).ThenBy(row => row.DueAt).ThenBy(row => row.Id),
    ];

    private static void Take(ModelStore model, ModelDelivery row, LeasedDelivery leased, LeaseRequest request)
    {
        model.IsBlocked(row, request.Now).ShouldBeFalse($"{row.Id} is leased though others of its key have their turn");
        leased.Token.ShouldBeGreaterThan(row.Token);
        leased.Attempt.ShouldBe(row.Attempts + 1);
        if (row is { IsWaiting: true, IsTakenFromTheDead: false })
        {
            leased.DueAt.ShouldBe(row.DueAt); // of one that is taken over a store may know when it was due first, or when the lease before ended
        }

        leased.ListenerId.ShouldBe(row.Written.ListenerId);
        leased.Queue.ShouldBe(request.Queue);
        leased.Key.ShouldBe(row.Key?.Value);
        leased.IsCancelRequested.ShouldBe(row.IsCancelRequested);
        leased.Envelope.Id.ShouldBe(row.Envelope.Id);
        leased.Envelope.Payload.ToArray().ShouldBe(row.Envelope.Payload.ToArray());
        ModelStore.Begin(row, request.Lease, leased.Token);
    }
}
