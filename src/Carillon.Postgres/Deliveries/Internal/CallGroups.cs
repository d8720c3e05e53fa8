using Npgsql;

namespace Carillon.Postgres.Deliveries.Internal;

/// <summary>
/// Carries out what many callers want at once: whatever is waiting when the last transaction is back becomes the next one, in one round trip. There is no timer: who is
/// alone is served at once.
/// </summary>
/// <typeparam name="TCall">What they want.</typeparam>
/// <typeparam name="TResult">What each is told.</typeparam>
/// <threadsafety>Safe for concurrent use.</threadsafety>
internal abstract class CallGroups<TCall, TResult>(PostgresConnections connections, PostgresLocation location)
    where TCall : GroupCall<TResult>
{
    /// <summary>So much at the most shares a transaction, so that nobody waits for very much of others.</summary>
    private const int MaxRows = 1_000;

    private const long MaxBytes = 4 * 1024 * 1024;

    private readonly Lock _gate = new();

    // Under _gate.
    private readonly Queue<TCall> _waiting = new();
    private Task _running = Task.CompletedTask;
    private bool _isRunning;

    // The runner's own.
    private readonly List<TCall> _calls = [];

    internal Task<TResult> CallAsync(TCall call, CancellationToken cancellationToken)
    {
        var completion = call.WaitAsync(cancellationToken);
        lock (_gate)
        {
            _waiting.Enqueue(call);
            if (_isRunning)
            {
                return completion;
            }

            _isRunning = true;
        }

        // In the caller's thread until it has to wait for the server: nobody has to be woken for who is alone.
        _running = RunAsync();
        return completion;
    }

    /// <summary>Waits until what was asked for is done.</summary>
    internal async ValueTask StopAsync()
    {
        Task running;
        lock (_gate)
        {
            running = _running;
        }

        await running.ConfigureAwait(false);
    }

    /// <summary>All of them in one transaction.</summary>
    private protected abstract Task CommitAsync(PostgresSession session, List<TCall> calls);

    /// <summary>Tells the callers what has become of theirs.</summary>
    private protected abstract void Complete(List<TCall> calls);

    /// <summary>False, unless a call is carried out by other means after such an error, and whoever does that tells its caller.</summary>
    private protected virtual bool TryDoElsewhere(TCall call, Exception exception) => false;

    private async Task RunAsync()
    {
        while (TakeWaiting())
        {
            await CarryOutAsync(_calls).ConfigureAwait(false);
            _calls.Clear();
        }
    }

    /// <returns>False if nothing was waiting; the runner has ended then.</returns>
    private bool TakeWaiting()
    {
        lock (_gate)
        {
            var (rows, bytes) = (0, 0L);
            while (rows < MaxRows && bytes < MaxBytes && _waiting.TryDequeue(out var call))
            {
                if (call.TryBegin())
                {
                    _calls.Add(call);
                    rows += call.Rows;
                    bytes += call.Bytes;
                }
            }

            return _isRunning = _calls.Count > 0;
        }
    }

    private async Task CarryOutAsync(List<TCall> calls)
    {
        PostgresSession? session = null;
        try
        {
            session = await connections.RentAsync(calls[0].What, CancellationToken.None).ConfigureAwait(false);
            for (var tries = 1; ; tries++)
            {
                try
                {
                    await CommitAsync(session, calls).ConfigureAwait(false);
                    break;
                }
                catch (PostgresException exception) when (PostgresFault.IsWorthAnotherTry(exception, tries))
                {
                }
            }

            Complete(calls);
        }
#pragma warning disable CA1031 // Whatever it is, it is told to those who wait: none of them may be left waiting, and the runner goes on.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            if (calls.Count > 1 && session is { IsOpen: true })
            {
                // One of them is at fault; the others must not fail with it.
                await connections.ReturnAsync(session).ConfigureAwait(false);
                foreach (var call in calls)
                {
                    await CarryOutAsync([call]).ConfigureAwait(false);
                }

                return;
            }

            calls.ForEach(call => Fail(call, exception));
        }

        if (session is not null)
        {
            await connections.ReturnAsync(session).ConfigureAwait(false);
        }
    }

    private void Fail(TCall call, Exception exception)
    {
        if (!TryDoElsewhere(call, exception))
        {
            call.Fail(PostgresFault.IsFault(exception) ? PostgresFault.Explain(call.What, location, exception, wasSent: true) : exception);
        }
    }
}
