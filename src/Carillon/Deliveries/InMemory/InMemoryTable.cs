namespace Carillon.Deliveries.InMemory;

/// <summary>What changes rows. Not thread-safe: the store has the lock.</summary>
internal sealed class InMemoryTable
{
    private readonly InMemoryTurns _turns;
    private readonly InMemoryUniqueness _uniqueness;

    internal InMemoryTable()
    {
        _turns = new(Rows);
        _uniqueness = new(Rows);
    }

    internal InMemoryRows Rows { get; } = new();

    internal void Add(NewDelivery delivery)
    {
        if (_uniqueness.FindFirst(delivery) is { } first)
        {
            (delivery.IsDuplicate, delivery.Id) = (true, first.Id);
            _uniqueness.Replace(first, delivery);
            _turns.PassOn(first, delivery.Envelope.Time);
            return;
        }

        InMemoryDelivery row;
        if (delivery.Lease is { } lease)
        {
            row = Rows.Add(delivery, DeliveryState.Leased, lease.Until);
            (row.Attempt, row.Token, row.Owner) = (1, 1, lease.Owner);
        }
        else
        {
            row = Rows.Add(delivery, delivery.DueAt <= delivery.Envelope.Time ? DeliveryState.Ready : DeliveryState.Scheduled, delivery.DueAt);
        }

        _uniqueness.Take(row);
        if (row.State == DeliveryState.Leased)
        {
            _uniqueness.Starts(row);
        }

        delivery.Id = row.Id;
    }

    internal List<LeasedDelivery> Lease(LeaseRequest request)
    {
        var leased = new List<LeasedDelivery>();
        var room = request.Limit > 0 ? Math.Min(request.MaxCount, request.Limit - CountLeased(request)) : request.MaxCount;
        if (room <= 0)
        {
            return leased;
        }

        // Again and again, since those that are blocked are put aside as they are met.
        while (leased.Count < room && Rows.Due(request.Queue, request.Now).Where(row => !request.Without.Contains(row.Delivery.ListenerId)).Take(room - leased.Count).ToList() is { Count: > 0 } due)
        {
            foreach (var row in due)
            {
                if (_turns.FindBlocker(row, request.Now) is { } blocker)
                {
                    Rows.Move(row, DeliveryState.Parked, row.DueAt, blocker.Id);
                    _turns.PassOn(row, request.Now); // its lease may have ended, and others may have been parked behind that
                }
                else
                {
                    leased.Add(Lease(row, request.Lease));
                }
            }
        }

        return leased;
    }

    internal void Settle(InMemoryDelivery row, Settlement settlement)
    {
        row.Error = settlement.Outcome is DeliveryOutcome.Completed ? null : settlement.Error ?? row.Error;
        if (settlement.Outcome is DeliveryOutcome.Retry or DeliveryOutcome.Failed)
        {
            row.AddFailedAttempt(settlement.At, settlement.Error);
        }

        if (settlement.Outcome is DeliveryOutcome.Released or DeliveryOutcome.Parked or DeliveryOutcome.Snoozed)
        {
            row.Attempt--;
        }

        switch (OutcomeOf(row, settlement))
        {
            case DeliveryOutcome.Retry or DeliveryOutcome.Snoozed:
                ComeAgain(row, DeliveryState.Scheduled, settlement.RetryAt!.Value, settlement);
                break;
            case DeliveryOutcome.Released:
                ComeAgain(row, DeliveryState.Ready, settlement.At, settlement);
                break;
            case DeliveryOutcome.Parked:
                ComeAgain(row, DeliveryState.Parked, settlement.At, settlement);
                break;
            case DeliveryOutcome.Completed:
                End(row, DeliveryState.Completed, settlement.At, settlement.KeepUntil);
                break;
            case DeliveryOutcome.Failed:
                End(row, DeliveryState.Failed, settlement.At, settlement.KeepUntil);
                break;
            case DeliveryOutcome.Discarded:
                End(row, DeliveryState.Discarded, settlement.At, settlement.KeepUntil);
                break;
            case DeliveryOutcome.Cancelled:
                End(row, DeliveryState.Cancelled, settlement.At, settlement.KeepUntil);
                break;
        }

        _turns.PassOn(row, settlement.At);
    }

    /// <summary>A person retries a delivery that is not leased and does not wait; false if a newer one has its unique key.</summary>
    internal bool TryRetry(InMemoryDelivery row, DateTimeOffset now)
    {
        if (!_uniqueness.TryTakeAgain(row, now))
        {
            return false;
        }

        (row.Attempt, row.Error, row.IsCancelRequested, row.KeepUntil) = (0, null, false, null);
        Rows.Move(row, DeliveryState.Ready, now);
        return true;
    }

    /// <summary>A delivery that is not leased is given up or cancelled.</summary>
    internal bool GiveUp(InMemoryDelivery row, DeliveryState state, DateTimeOffset now, DateTimeOffset? keepUntil)
    {
        End(row, state, now, keepUntil);
        _turns.PassOn(row, now);
        return true;
    }

    internal bool Reschedule(InMemoryDelivery row, DateTimeOffset dueAt, DateTimeOffset now)
    {
        Rows.Move(row, dueAt <= now ? DeliveryState.Ready : DeliveryState.Scheduled, dueAt);
        _turns.PassOn(row, now); // it may have had a turn that it does not take now
        return true;
    }

    /// <summary>A delivery is kept no longer. One that failed has kept others from their turn until now.</summary>
    internal void Remove(InMemoryDelivery row, DateTimeOffset now)
    {
        _uniqueness.Release(row);
        Rows.Remove(row);
        _turns.PassOn(row, now);
    }

    private static DeliveryOutcome OutcomeOf(InMemoryDelivery row, Settlement settlement) =>
        row.IsCancelRequested && settlement.Outcome is not (DeliveryOutcome.Completed or DeliveryOutcome.Discarded) ? DeliveryOutcome.Cancelled : settlement.Outcome;

    private int CountLeased(LeaseRequest request) =>
        Rows.ById.Count(row => row.Delivery.Queue == request.Queue && row.IsLeasedAt(request.Now));

    private LeasedDelivery Lease(InMemoryDelivery row, DeliveryLease lease)
    {
        var dueAt = row.DueAt;
        row.Attempt++;
        row.Token++;
        row.Owner = lease.Owner;
        Rows.Move(row, DeliveryState.Leased, lease.Until);
        _uniqueness.Starts(row);
        return row.ToLeased(dueAt);
    }

    private void ComeAgain(InMemoryDelivery row, DeliveryState state, DateTimeOffset dueAt, Settlement settlement)
    {
        if (_uniqueness.TryTakeAgain(row, settlement.At))
        {
            Rows.Move(row, state, dueAt);
            return;
        }

        row.Error = Settlement.SupersededReason;
        End(row, DeliveryState.Discarded, settlement.At, settlement.KeepUntil);
    }

    private void End(InMemoryDelivery row, DeliveryState state, DateTimeOffset at, DateTimeOffset? keepUntil)
    {
        var uniqueUntil = _uniqueness.Ends(row, at);
        row.IsCancelRequested = false;
        Rows.Move(row, state, at);
        if (state == DeliveryState.Completed && keepUntil is null && uniqueUntil is null)
        {
            Rows.Remove(row);
            return;
        }

        row.KeepUntil = state == DeliveryState.Completed || keepUntil is not null ? Later(keepUntil, uniqueUntil) : null;
    }

    private static DateTimeOffset? Later(DateTimeOffset? one, DateTimeOffset? other) =>
        one is null || other > one ? other ?? one : one;
}
