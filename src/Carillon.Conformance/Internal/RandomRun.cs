using System.Text;
using Carillon.Deliveries;

namespace Carillon.Conformance.Internal;

/// <summary>One run: calls the store, tells the model, and compares.</summary>
internal sealed class RandomRun(IDeliveryStore one, IDeliveryStore another, RandomCalls calls, DateTimeOffset start, CancellationToken cancel)
{
    private readonly ModelStore _model = new();
    private readonly List<LeasedDelivery> _held = [];
    private readonly StringBuilder _log = new();
    private DateTimeOffset _now = start;

    internal string Log => _log.ToString();

    private IDeliveryStore Store => calls.Chance(0.7) ? one : another;

    internal async Task StepAsync()
    {
        switch (calls.Upto(99))
        {
            case < 22: await AddAsync(); break;
            case < 47: await LeaseAsync(); break;
            case < 70: await SettleAsync(); break;
            case < 74: await ExtendAsync(); break;
            case < 78: await RetryAsync(); break;
            case < 81: await DiscardAsync(); break;
            case < 85: await CancelAsync(); break;
            case < 88: await RescheduleAsync(); break;
            case < 91: await SweepAsync(calls.SomeNames()); break;
            case < 94: await PauseAsync(calls.OneOf(Queues.Default, "mail")); break;
            default: Advance(calls.OneOf(1, 5, 20, 31, 100)); break;
        }

        await CompareAsync();
    }

    /// <summary>Runs all that is left: nothing may be stuck.</summary>
    internal async Task DrainAsync()
    {
        Advance(1_000);
        foreach (var queue in _model.Paused.ToList())
        {
            await PauseAsync(queue);
        }

        for (var idle = 0; idle < 2; Advance(60))
        {
            idle++;
            await SweepAsync(RandomCalls.AllNames);
            foreach (var queue in new[] { Queues.Default, "mail" })
            {
                var leased = await LeaseAsync(queue, maxCount: 7, limit: 0);
                idle = leased.Count > 0 ? 0 : idle;
                await CompareAsync();
                await SettleAsync([.. leased.Select(delivery => new Settlement { Delivery = delivery, Outcome = DeliveryOutcome.Completed, At = _now })]);
            }

            var failed = _model.Rows.Where(row => row.State == DeliveryState.Failed).ToList();
            if (idle > 0 && failed is [var head, ..] && head.Unique is { } unique && _model.Rows.Any(row => row.HoldsUnique && row.Unique!.Key == unique.Key))
            {
                // One that waits behind it in its order has its unique key: a person has to give up one of the two.
                await DiscardAsync([head.Id], null);
                idle = 0;
            }
            else
            {
                await RetryAsync(failed.DistinctBy(row => row.Unique?.Key ?? $"{row.Id}").Select(row => row.Id));
            }

            await CompareAsync();
        }

        _model.Rows.Where(row => !row.IsOver || row.State == DeliveryState.Failed).Select(row => row.Id).ShouldBeEmpty("nothing may be stuck");
    }

    private void Advance(int seconds)
    {
        _now = _now.AddSeconds(seconds);
        Note($"{seconds} s later: {_now:T}");
    }

    private async Task AddAsync()
    {
        var added = Enumerable.Range(0, 1 + calls.Upto(3)).Select(_ => calls.Delivery(_now)).ToList();
        await Store.AddAsync(added, cancel);
        foreach (var delivery in added)
        {
            Note($"add {delivery.Id}{(delivery.IsDuplicate ? " (duplicate)" : "")}: {delivery.ListenerId}, {delivery.Priority}, due {delivery.DueAt:T}"
                + $"{(delivery.Key is { } key ? $", {key.Value}" : "")}{(delivery.Unique is { } unique ? $", {unique.Key}" : "")}{(delivery.Lease is null ? "" : ", leased")}");
            _model.Add(delivery);
            if (delivery is { Lease: not null, IsDuplicate: false })
            {
                _held.Add(new LeasedDelivery { Id = delivery.Id, Token = 1, Attempt = 1, ListenerId = delivery.ListenerId, Envelope = delivery.Envelope, Queue = delivery.Queue });
            }
        }
    }

    private Task<IReadOnlyList<LeasedDelivery>> LeaseAsync() =>
        LeaseAsync(calls.OneOf(Queues.Default, "mail"), calls.OneOf(1, 2, 5, 20), calls.OneOf(0, 0, 0, 1, 3));

    private async Task<IReadOnlyList<LeasedDelivery>> LeaseAsync(string queue, int maxCount, int limit)
    {
        var request = new LeaseRequest(new DeliveryLease(calls.OneOf("worker 1", "worker 2"), _now.AddSeconds(30)), _now, maxCount) { Queue = queue, Limit = limit };
        var leased = await Store.LeaseAsync(request, cancel);
        Note($"lease {maxCount} of {queue}, limit {limit}: [{string.Join(", ", leased.Select(delivery => delivery.Id))}]");
        _model.Lease(request, leased);
        _held.AddRange(leased);
        return leased;
    }

    private Task SettleAsync()
    {
        // Of two with one unique key it would depend on the order within the batch which one gives way to the other.
        var chosen = calls.SomeOf(_held, 4).DistinctBy(delivery => _model.Find(delivery.Id)?.Unique?.Key ?? $"{delivery.Id}").ToList();
        return SettleAsync([
            .. chosen.Select(delivery => new Settlement
            {
                Delivery = delivery,
                Outcome = calls.Outcome(),
                At = _now,
                RetryAt = _now.AddSeconds(calls.OneOf(0, 3, 25)),
                KeepUntil = calls.Chance(0.5) ? _now.AddSeconds(calls.OneOf(1, 50)) : null,
                Error = calls.Chance(0.7) ? calls.OneOf("the disk burns", "no coffee") : null,
            }),
        ]);
    }

    private async Task SettleAsync(IReadOnlyList<Settlement> settlements)
    {
        var lost = await Store.SettleAsync(settlements, cancel);
        foreach (var settlement in settlements)
        {
            var isLost = lost.Contains(settlement.Delivery);
            Note($"settle {settlement.Delivery.Id}, token {settlement.Delivery.Token}: {settlement.Outcome}, again at {settlement.RetryAt:T}, kept until {settlement.KeepUntil:T}"
                + (isLost ? " (lost)" : ""));
            isLost.ShouldBe(!_model.Has(settlement.Delivery), $"whether the lease of {settlement.Delivery.Id} is lost");
            if (!isLost)
            {
                _model.Settle(settlement);
            }

            // Sometimes it is settled once more.
            if (calls.Chance(0.8))
            {
                _held.Remove(settlement.Delivery);
            }
        }
    }

    private async Task ExtendAsync()
    {
        var chosen = calls.SomeOf(_held, 5);
        var until = _now.AddSeconds(40);
        var extended = await Store.ExtendAsync(chosen, until, cancel);
        Note($"extend [{string.Join(", ", chosen.Select(delivery => delivery.Id))}]: lost [{string.Join(", ", extended.Lost.Select(delivery => delivery.Id))}]");
        extended.Lost.ShouldBe(chosen.Where(delivery => !_model.Has(delivery)), ignoreOrder: true);
        var kept = chosen.Where(_model.Has).ToList();
        extended.Cancelled.ShouldBe(kept.Where(delivery => _model.Find(delivery.Id)!.IsCancelRequested), ignoreOrder: true);
        kept.ForEach(delivery => _model.Find(delivery.Id)!.DueAt = until);
    }

    private Task RetryAsync() => RetryAsync(SomeIds().DistinctBy(id => _model.Find(id)?.Unique?.Key ?? $"{id}"));

    private async Task RetryAsync(IEnumerable<long> chosen)
    {
        var ids = chosen.ToList();
        var retried = await Store.RetryAsync(ids, _now, cancel);
        Note($"retry [{string.Join(", ", ids)}]: {retried}");
        retried.ShouldBe(ids.Count(id => _model.Find(id) is { } row && _model.TryRetry(row, _now)));
    }

    private Task DiscardAsync() => DiscardAsync(SomeIds(), KeepUntil());

    private async Task DiscardAsync(List<long> ids, DateTimeOffset? keepUntil)
    {
        var discarded = await Store.DiscardAsync(ids, _now, keepUntil, cancel);
        Note($"discard [{string.Join(", ", ids)}]: {discarded}");
        discarded.ShouldBe(ids.Count(id => _model.Find(id) is { } row && _model.TryGiveUp(row, DeliveryState.Discarded, _now, keepUntil)));
    }

    private async Task CancelAsync()
    {
        var (ids, keepUntil) = (SomeIds(), KeepUntil());
        var results = await Store.CancelAsync(ids, _now, keepUntil, cancel);
        Note($"cancel [{string.Join(", ", ids)}]: [{string.Join(", ", results)}]");
        results.ShouldBe(ids.Select(id => _model.Find(id) is { } row ? _model.Cancel(row, _now, keepUntil) : CancelResult.TooLate).ToList());
    }

    private async Task RescheduleAsync()
    {
        var dueAt = _now.AddSeconds(calls.OneOf(-5, 0, 10, 50));
        foreach (var id in SomeIds())
        {
            var isMoved = await Store.RescheduleAsync(id, dueAt, _now, cancel);
            Note($"reschedule {id} to {dueAt:T}: {isMoved}");
            var row = _model.Find(id);
            isMoved.ShouldBe(row is { IsWaiting: true, IsSeenParked: false });
            if (isMoved)
            {
                row!.DueAt = dueAt;
                await CompareAsync(); // it may have passed its turn on to the next of these
            }
        }
    }

    private async Task SweepAsync(KnownNames known)
    {
        var request = new SweepRequest(known, _now);
        var ready = await Store.SweepAsync(request, cancel);
        Note($"sweep, known {string.Join(", ", known.EventNames)} and {string.Join(", ", known.ListenerIds)}: {ready}");
        ready.ShouldBe(_model.Sweep(request));
    }

    private async Task PauseAsync(string queue)
    {
        if (_model.Paused.Remove(queue))
        {
            Note($"resume {queue}");
            (await Store.ResumeAsync(queue, cancel)).ShouldBeTrue();
            return;
        }

        Note($"pause {queue}");
        _model.Paused.Add(queue);
        (await Store.PauseAsync(queue, _now, cancel)).ShouldBeTrue();
    }

    private async Task CompareAsync()
    {
        var seen = await Store.ListAsync(new DeliveryQuery { OldestFirst = true, PageSize = 1_000 }, _now, cancel);
        seen.Select(delivery => delivery.Id).ShouldBe(_model.Rows.Select(row => row.Id));
        foreach (var (row, delivery) in _model.Rows.Zip(seen))
        {
            row.Meet(delivery, _now);
        }

        _model.Rows.Where(row => row is { IsWaiting: true, IsSeenParked: true } && !_model.WillBeWoken(row, _now)).Select(row => row.Id)
            .ShouldBeEmpty("they are parked behind others, and nobody is left to wake them");
        if (calls.Chance(0.2))
        {
            await ReadAsync(seen);
        }
    }

    /// <summary>What the other ways of reading say has to be what the list says.</summary>
    private async Task ReadAsync(IReadOnlyList<DeliverySnapshot> seen)
    {
        (await Store.CountAsync(_now, cancel)).OrderBy(count => count.Key)
            .ShouldBe(seen.CountBy(delivery => delivery.State).Select(count => KeyValuePair.Create(count.Key, (long)count.Value)).OrderBy(count => count.Key));
        DeliveryState[] due = [DeliveryState.Scheduled, DeliveryState.Ready, DeliveryState.Leased];
        (await Store.GetNextDueAsync(_now, cancel))
            .ShouldBe(seen.Where(delivery => due.Contains(delivery.State) && delivery.DueAt > _now).Min(delivery => (DateTimeOffset?)delivery.DueAt));
        foreach (var queue in await Store.ListQueuesAsync(_now, cancel))
        {
            queue.Waiting.ShouldBe(seen.Count(delivery => delivery.Queue == queue.Name && delivery.State == DeliveryState.Ready));
            queue.Leased.ShouldBe(seen.Count(delivery => delivery.Queue == queue.Name && delivery.State == DeliveryState.Leased));
            (queue.PausedAt is not null).ShouldBe(_model.Paused.Contains(queue.Name));
        }

        (await Store.ListPausedAsync(cancel)).ShouldBe(_model.Paused, ignoreOrder: true);
        if (calls.SomeOf(_model.Rows, 1) is [var row])
        {
            (await Store.FindAsync(row.Id, _now, cancel)).ShouldNotBeNull().FailedAttempts.ShouldBe(row.FailedAttempts);
        }

        var query = calls.Query(_now);
        var meant = seen.Where(delivery => IsMeant(query, delivery)).Select(delivery => delivery.Id);
        (await Store.ListAsync(query, _now, cancel)).Select(delivery => delivery.Id).ShouldBe(query.OldestFirst ? meant : meant.Reverse());
    }

    private static bool IsMeant(DeliveryFilter filter, DeliverySnapshot delivery) =>
        (filter.State is null || filter.State == delivery.State)
        && (filter.Queue is null || filter.Queue == delivery.Queue)
        && (filter.ListenerId is null || filter.ListenerId == delivery.ListenerId)
        && (filter.EventName is null || filter.EventName == delivery.EventName)
        && (filter.Key is null || filter.Key == delivery.Key)
        && (filter.CreatedFrom is null || delivery.CreatedAt >= filter.CreatedFrom)
        && (filter.CreatedBefore is null || delivery.CreatedAt < filter.CreatedBefore);

    private List<long> SomeIds() => calls.SomeOf(_model.Rows.Select(row => row.Id).Append(1_000_000), 4);

    private DateTimeOffset? KeepUntil() => calls.Chance(0.5) ? _now.AddSeconds(30) : null;

    private void Note(string text) => _log.AppendLine(text);
}
