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
    private TaskCompletionSource? _running;

    // The runner's own.
    private readonly List<TCall> _calls = [];

    internal Task<TResult> CallAsync(TCall call, CancellationToken cancellationToken)
    {
        var completion = call.WaitAsync(cancellationToken);
        lock (_gate)
        {
            _waiting.Enqueue(call);
            if (_running is not null)
            {
                return completion;
            }

            _running = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        // In the caller's thread until it has to wait for the server: nobody has to be woken for who is alone.
        _ = RunAsync();
        return completion;
    }

    /// <summary>Waits until what was asked for is done.</summary>
    internal async ValueTask StopAsync()
    {
        Task? running;
        lock (_gate)
        {
            running = _running?.Task;
        }

        if (running is not null)
        {
            await running.ConfigureAwait(false);
        }
    }

    /// <summary>All of them in one transaction.</summary>
    private protected abstract Task CommitAsync(PostgresSession session, List<TCall> calls);

    /// <summary>Tells the callers what has become of theirs.</summary>
    private protected abstract void Complete(List<TCall> calls);

    /// <summary>False, unless a call is carried out by other means after such an error, and whoever does that tells its caller.</summary>
    private protected virtual bool TryDoElsewhere(TCall call, Exception exception) => false;

    private async Task RunAsync()
    {
        while (NextWaiting() is { } next)
        {
            var session = await TryRentAsync(next.What).ConfigureAwait(false);
            if (session is not null)
            {
                TakeWaiting();
                await CarryOutAsync(session, _calls).ConfigureAwait(false);
            }

            _calls.Clear();
        }
    }

    // Told to those who wait by then, if there is none.
    private async Task<PostgresSession?> TryRentAsync(string what)
    {
        try
        {
            return await connections.RentAsync(what, CancellationToken.None).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Whatever it is, it is told to those who wait, and the runner goes on.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            TakeWaiting();
            _calls.ForEach(call => Fail(call, exception));
            return null;
        }
    }

    /// <returns>Null if nothing is waiting; the runner has ended then.</returns>
    private TCall? NextWaiting()
    {
        lock (_gate)
        {
            if (_waiting.TryPeek(out var next))
            {
                return next;
            }

            _running!.SetResult();
            _running = null;
            return null;
        }
    }

    // Who gives up while a connection is opened is not among them.
    private void TakeWaiting()
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
        }
    }

    private async Task CarryOutAsync(PostgresSession session, List<TCall> calls)
    {
        var isDone = calls.Count == 0 || await TryCarryOutAsync(session, calls).ConfigureAwait(false);
        await connections.ReturnAsync(session).ConfigureAwait(false);
        if (!isDone)
        {
            // One of them is at fault; the others must not fail with it.
            foreach (var call in calls)
            {
                await CarryOutAloneAsync(call).ConfigureAwait(false);
            }
        }
    }

    private async Task CarryOutAloneAsync(TCall call)
    {
        PostgresSession session;
        try
        {
            session = await connections.RentAsync(call.What, CancellationToken.None).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // As above.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Fail(call, exception);
            return;
        }

        await TryCarryOutAsync(session, [call]).ConfigureAwait(false);
        await connections.ReturnAsync(session).ConfigureAwait(false);
    }

    /// <returns>False if nothing has happened, and each of them may be carried out by itself.</returns>
    private async Task<bool> TryCarryOutAsync(PostgresSession session, List<TCall> calls)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                await CommitAsync(session, calls).ConfigureAwait(false);
                Complete(calls);
                return true;
            }
            catch (PostgresException exception) when (PostgresFault.IsWorthAnotherTry(exception, tries))
            {
            }
            catch (Exception exception) when (calls.Count > 1 && session.IsOpen && !PostgresFault.IsOfServer(exception))
            {
                return false;
            }
#pragma warning disable CA1031 // Whatever it is, it is told to those who wait: none of them may be left waiting, and the runner goes on.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                calls.ForEach(call => Fail(call, exception));
                return true;
            }
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
