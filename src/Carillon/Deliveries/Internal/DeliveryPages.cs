namespace Carillon.Deliveries.Internal;

/// <summary>Goes through the deliveries that match a filter, a page at a time, and changes each page at once.</summary>
internal sealed class DeliveryPages(StoreSlot store, TimeProvider time)
{
    internal const int PageSize = 500;

    /// <summary>
    /// By the order of ids, whatever their states: deliveries move between states all the time, and each is met once, wherever it is by then. Which states can be changed the store decides, at the
    /// moment at which it does.
    /// </summary>
    /// <param name="filter">Which.</param>
    /// <param name="states">Those that can be changed: a filter that asks for another one means none.</param>
    /// <param name="change">Changes those of a page that can be and says how many have changed.</param>
    /// <param name="progress">Told the sum after each page.</param>
    /// <param name="cancellationToken">Ends it after the page at hand.</param>
    internal async ValueTask<int> ChangeMovingAsync(
        DeliveryFilter filter,
        IEnumerable<DeliveryState> states,
        Func<IReadOnlyList<DeliverySnapshot>, ValueTask<int>> change,
        IProgress<int>? progress,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(filter);
        return filter.State is { } one && !states.Contains(one)
            ? 0
            : await ChangeAsync(QueryOf(filter, filter.State), sum: 0, change, progress, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>State by state, for those that only a person moves: they are few, and have an index, however many wait.</summary>
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
            sum = await ChangeAsync(QueryOf(filter, state), sum, change, progress, cancellationToken).ConfigureAwait(false);
        }

        return sum;
    }

    private async ValueTask<int> ChangeAsync(
        DeliveryQuery query, int sum, Func<IReadOnlyList<DeliverySnapshot>, ValueTask<int>> change, IProgress<int>? progress, CancellationToken cancellationToken)
    {
        while (await ReadAsync(query, cancellationToken).ConfigureAwait(false) is { Count: > 0 } page)
        {
            // Under no token: a page is done or not begun.
            sum += await change(page).ConfigureAwait(false);
            progress?.Report(sum);
            query.AfterId = page[^1].Id;
        }

        return sum;
    }

    private ValueTask<IReadOnlyList<DeliverySnapshot>> ReadAsync(DeliveryQuery query, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return store.Required.ListAsync(query, time.GetUtcNow(), cancellationToken);
    }

    private static DeliveryQuery QueryOf(DeliveryFilter filter, DeliveryState? state) => new()
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
