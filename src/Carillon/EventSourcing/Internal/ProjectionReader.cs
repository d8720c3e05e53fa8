namespace Carillon.EventSourcing.Internal;

/// <summary>Reads the pages of one projection, the next one while the last one is taken.</summary>
internal sealed class ProjectionReader(IStreamStore streams, int pageSize)
{
    private Task<ProjectionPage>? _next;
    private long _nextAfter;

    /// <summary>The page behind a position, up to an end that is safe to be read.</summary>
    internal async ValueTask<ProjectionPage> ReadAsync(long after, long end, CancellationToken cancellationToken)
    {
        var running = _next is { } next && _nextAfter == after ? next : ReadPageAsync(after, end, cancellationToken);
        _next = null;
        var page = await running.ConfigureAwait(false);
        if (page.Position < end)
        {
            // In another thread: a store may read without ever waiting.
            _nextAfter = page.Position;
            _next = Task.Run(() => ReadPageAsync(page.Position, end, cancellationToken), cancellationToken);
        }

        return page;
    }

    /// <summary>What was read ahead is of no use any more.</summary>
    internal async ValueTask ForgetAsync()
    {
        if (_next is { } next)
        {
            _next = null;
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<ProjectionPage> ReadPageAsync(long after, long end, CancellationToken cancellationToken)
    {
        var events = await streams.ReadAllAsync(after, end, ReadDirection.Forwards, pageSize, cancellationToken).ConfigureAwait(false);
        return new ProjectionPage(events, events.Count, after, events.Count < pageSize ? end : events[^1].Position);
    }
}
