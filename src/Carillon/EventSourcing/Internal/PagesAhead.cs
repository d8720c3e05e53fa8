using System.Threading.Channels;

namespace Carillon.EventSourcing.Internal;

/// <summary>Reads on while the pages before are taken: two wait and one is being read, so that neither the store nor whoever takes them stands still.</summary>
internal sealed class PagesAhead : IAsyncDisposable
{
    private readonly Channel<Task<ProjectionPage>> _pages =
        Channel.CreateBounded<Task<ProjectionPage>>(new BoundedChannelOptions(2) { SingleReader = true, SingleWriter = true });

    private readonly CancellationTokenSource _enough = new();
    private readonly Task _reading;

    internal PagesAhead(IStreamStore streams, long after, long end, int pageSize, CancellationToken cancellationToken) =>
        // In another thread: a store may read without ever waiting.
        _reading = Task.Run(() => ReadAsync(streams, after, end, pageSize, cancellationToken), CancellationToken.None);

    /// <summary>The next page; whatever the store throws, in its turn.</summary>
    internal async ValueTask<ProjectionPage> NextAsync() => await (await _pages.Reader.ReadAsync(CancellationToken.None).ConfigureAwait(false)).ConfigureAwait(false);

    /// <summary>Waits for the page that is being read.</summary>
    public async ValueTask DisposeAsync()
    {
        await _enough.CancelAsync().ConfigureAwait(false);
        await _reading.ConfigureAwait(false);
        _enough.Dispose();
    }

    private async Task ReadAsync(IStreamStore streams, long after, long end, int pageSize, CancellationToken cancellationToken)
    {
        var position = after;
        while (position < end)
        {
            var reading = ProjectionPage.ReadAsync(streams, position, end, pageSize, cancellationToken);
            await ((Task)reading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!await TryAddAsync(reading).ConfigureAwait(false) || !reading.IsCompletedSuccessfully)
            {
                break;
            }

            position = (await reading.ConfigureAwait(false)).Position;
        }

        // Whoever asked for more would wait for ever.
        _pages.Writer.Complete();
    }

    // False if nobody wants any more.
    private async ValueTask<bool> TryAddAsync(Task<ProjectionPage> page)
    {
        try
        {
            await _pages.Writer.WriteAsync(page, _enough.Token).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
