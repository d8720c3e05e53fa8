namespace Carillon.Deliveries.Internal;

/// <summary>Goes through the deliveries that match a filter, a page at a time, and changes each page at once.</summary>
internal sealed class DeliveryPages(StoreSlot store, TimeProvider time)
{
    internal const int PageSize = 500;

    /// <param name="filter">Which.</param>
    /// <param name="states">Only those in one of these states.</param>
    /// <param name="change">Changes those of a page and says how many have changed.</param>
    /// <param name="progress">Told the sum after each page.</param>
    /// <param name="cancellationToken">Ends it after the page at hand.</param>
    internal async ValueTask<int> ChangeAsync(
        DeliveryFilter filter,
        IEnumerable<DeliveryState> states,
        Func<IReadOnlyList<DeliverySnapshot>, ValueTask<int>> change,
        IProgress<int>? progress,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(filter);
        var sum = 0;
        // Read page by page before it is known what is left: whatever changes its state is behind the last id by then.
        foreach (var state in states.Where(state => filter.State is null || filter.State == state))
        {
            var query = QueryOf(filter, state);
            while (await ReadAsync(query, cancellationToken).ConfigureAwait(false) is { Count: > 0 } page)
            {
                // Under no token: a page is done or not begun.
                sum += await change(page).ConfigureAwait(false);
                progress?.Report(sum);
                query.AfterId = page[^1].Id;
            }
        }

        return sum;
    }

    private ValueTask<IReadOnlyList<DeliverySnapshot>> ReadAsync(DeliveryQuery query, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return store.Required.ListAsync(query, time.GetUtcNow(), cancellationToken);
    }

    private static DeliveryQuery QueryOf(DeliveryFilter filter, DeliveryState state) => new()
    {
        State = state,
        Queue = filter.Queue,
        ListenerId = filter.ListenerId,
        EventName = filter.EventName,
        EventId = filter.EventId,
        Key = filter.Key,
        UniqueKey = filter.UniqueKey,
        Text = filter.Text,
        CreatedFrom = filter.CreatedFrom,
        CreatedBefore = filter.CreatedBefore,
        OldestFirst = true,
        PageSize = PageSize,
    };
}
