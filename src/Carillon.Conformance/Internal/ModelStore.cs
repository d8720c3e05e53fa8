using Carillon.Deliveries;

namespace Carillon.Conformance.Internal;

/// <summary>What the port says, in a page: every rule is asked of all rows, without a thought of speed.</summary>
internal sealed class ModelStore
{
    private readonly SortedDictionary<long, ModelDelivery> _rows = [];

    internal IReadOnlyCollection<ModelDelivery> Rows => _rows.Values;

    internal HashSet<string> Paused { get; } = [];

    internal ModelDelivery? Find(long id) => _rows.GetValueOrDefault(id);

    /// <summary>What becomes of a new delivery to which the store has given this id.</summary>
    internal void Add(NewDelivery written)
    {
        if (FindHolder(written.Unique, written.Envelope.Time) is { } first)
        {
            (written.IsDuplicate, written.Id).ShouldBe((true, first.Id));
            Replace(first, written);
            return;
        }

        written.IsDuplicate.ShouldBeFalse();
        written.Id.ShouldBeGreaterThan(_rows.Keys.LastOrDefault());
        var row = new ModelDelivery(written.Id, written) { HoldsUnique = written.Unique is not null };
        _rows.Add(row.Id, row);
        if (written.Lease is { } lease)
        {
            Begin(row, lease, token: 1);
        }
    }

    internal static void Begin(ModelDelivery row, DeliveryLease lease, long token)
    {
        (row.State, row.DueAt, row.Owner, row.Token, row.Attempts) = (DeliveryState.Leased, lease.Until, lease.Owner, token, row.Attempts + 1);
        if (row.Unique is { Until: UniqueUntil.Started, EndsAt: null })
        {
            row.HoldsUnique = false;
        }
    }

    internal bool Has(LeasedDelivery delivery) => Find(delivery.Id) is { State: DeliveryState.Leased } row && row.Token == delivery.Token;

    internal void Settle(Settlement settlement)
    {
        var row = _rows[settlement.Delivery.Id];
        var outcome = settlement.Outcome;
        row.Error = outcome == DeliveryOutcome.Completed ? null : settlement.Error ?? row.Error;
        if (outcome is DeliveryOutcome.Retry or DeliveryOutcome.Failed)
        {
            row.FailedAttempts.Add(new DeliveryAttempt(row.Attempts, settlement.At, settlement.Error ?? ""));
        }

        if (outcome is DeliveryOutcome.Released or DeliveryOutcome.Parked or DeliveryOutcome.Snoozed)
        {
            row.Attempts--;
        }

        if (row.IsCancelRequested && outcome is not (DeliveryOutcome.Completed or DeliveryOutcome.Discarded))
        {
            outcome = DeliveryOutcome.Cancelled;
        }

        switch (outcome)
        {
            case DeliveryOutcome.Retry or DeliveryOutcome.Snoozed:
                ComeAgain(row, DeliveryState.Ready, settlement.RetryAt!.Value, settlement);
                break;
            case DeliveryOutcome.Released:
                ComeAgain(row, DeliveryState.Ready, settlement.At, settlement);
                break;
            case DeliveryOutcome.Parked:
                ComeAgain(row, DeliveryState.Parked, settlement.At, settlement);
                break;
            default:
                End(row, Enum.Parse<DeliveryState>(outcome.ToString()), settlement.At, settlement.KeepUntil);
                break;
        }
    }

    internal bool TryRetry(ModelDelivery row, DateTimeOffset now)
    {
        if (!(row.IsOver || row.State == DeliveryState.Parked || row.IsSeenParked) || !TryHoldAgain(row, now))
        {
            return false;
        }

        (row.State, row.DueAt, row.Attempts, row.Error, row.IsCancelRequested, row.KeepUntil) = (DeliveryState.Ready, now, 0, null, false, null);
        return true;
    }

    internal bool TryGiveUp(ModelDelivery row, DeliveryState state, DateTimeOffset now, DateTimeOffset? keepUntil)
    {
        if (!row.IsWaiting && row.State is not (DeliveryState.Failed or DeliveryState.Parked))
        {
            return false;
        }

        End(row, state, now, keepUntil);
        return true;
    }

    internal CancelResult Cancel(ModelDelivery row, DateTimeOffset now, DateTimeOffset? keepUntil)
    {
        if (row.State != DeliveryState.Leased)
        {
            return TryGiveUp(row, DeliveryState.Cancelled, now, keepUntil) ? CancelResult.Cancelled : CancelResult.TooLate;
        }

        row.IsCancelRequested = true;
        return CancelResult.Requested;
    }

    internal int Sweep(SweepRequest request)
    {
        var ready = 0;
        foreach (var row in _rows.Values.ToList())
        {
            if (row.State == DeliveryState.Parked
                && request.Known.EventNames.Contains(row.Envelope.EventName) && request.Known.ListenerIds.Contains(row.Written.ListenerId))
            {
                (row.State, row.DueAt, row.Error) = (DeliveryState.Ready, request.Now, null);
                ready++;
            }
            else if (row.IsOver && row.KeepUntil <= request.Now)
            {
                _rows.Remove(row.Id);
            }
        }

        return ready;
    }

    internal IEnumerable<ModelDelivery> OthersOfKey(ModelDelivery row) =>
        _rows.Values.Where(other => other != row && other.Key?.Value == row.Key!.Value && other.Written.ListenerId == row.Written.ListenerId);

    /// <summary>Whether it has to wait for others of its key.</summary>
    internal bool IsBlocked(ModelDelivery row, DateTimeOffset now) =>
        row.Key is { } key
        && (key.IsOrdered
            ? OthersOfKey(row).Any(other => other.IsLeasedAt(now) || IsBefore(other, row))
            : OthersOfKey(row).Count(other => other.IsLeasedAt(now)) >= key.Limit);

    /// <summary>Whether somebody will make it ready that the store has parked: one that it waits for, or that has its turn and has not taken it yet.</summary>
    internal bool WillBeWoken(ModelDelivery row, DateTimeOffset now) =>
        row.Key!.IsOrdered
            ? OthersOfKey(row).Any(other => other.State == DeliveryState.Leased || IsBefore(other, row))
            : OthersOfKey(row).Count(other => other.State == DeliveryState.Leased || (other.IsWaiting && !other.IsSeenParked && other.DueAt <= now)) >= row.Key.Limit;

    private static bool IsBefore(ModelDelivery other, ModelDelivery row) =>
        other.Id < row.Id && other.IsUnsettled && !(other.State == DeliveryState.Failed && row.Key!.SkipsFailed);

    private static void Replace(ModelDelivery first, NewDelivery later)
    {
        if (!later.Unique!.Replaces || !(first.IsWaiting || first.State == DeliveryState.Parked))
        {
            return;
        }

        first.Envelope = later.Envelope;
        if (first is { IsWaiting: true, Attempts: 0 })
        {
            var latest = later.Unique.MaxWait is { } wait ? first.Written.Envelope.Time + wait : DateTimeOffset.MaxValue;
            first.DueAt = later.DueAt < latest ? later.DueAt : latest;
        }
    }

    private ModelDelivery? FindHolder(DeliveryUniqueness? unique, DateTimeOffset now)
    {
        var holder = unique is null ? null : _rows.Values.SingleOrDefault(row => row.HoldsUnique && row.Unique!.Key == unique.Key);
        if (holder?.Unique!.EndsAt <= now)
        {
            holder.HoldsUnique = false;
            return null;
        }

        return holder;
    }

    private bool TryHoldAgain(ModelDelivery row, DateTimeOffset now)
    {
        if (row.HoldsUnique || row.Unique is not { EndsAt: null })
        {
            return true;
        }

        return row.HoldsUnique = FindHolder(row.Unique, now) is null;
    }

    private void ComeAgain(ModelDelivery row, DeliveryState state, DateTimeOffset dueAt, Settlement settlement)
    {
        if (TryHoldAgain(row, settlement.At))
        {
            (row.State, row.DueAt) = (state, dueAt);
            return;
        }

        row.Error = Settlement.SupersededReason;
        End(row, DeliveryState.Discarded, settlement.At, settlement.KeepUntil);
    }

    private void End(ModelDelivery row, DeliveryState state, DateTimeOffset at, DateTimeOffset? keepUntil)
    {
        row.HoldsUnique = row.HoldsUnique && row.Unique!.EndsAt > at;
        var until = row.HoldsUnique ? row.Unique!.EndsAt : null;
        (row.State, row.DueAt, row.IsCancelRequested) = (state, at, false);
        row.KeepUntil = (state, keepUntil) switch
        {
            (not DeliveryState.Completed, null) => null,
            _ => until is null || keepUntil > until ? keepUntil : until,
        };
        if (state == DeliveryState.Completed && row.KeepUntil is null)
        {
            _rows.Remove(row.Id);
        }
    }
}
