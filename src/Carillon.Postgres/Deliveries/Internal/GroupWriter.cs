using Carillon.Deliveries;
using Npgsql;

namespace Carillon.Postgres.Deliveries.Internal;

/// <summary>
/// Writes what many callers want at once: whatever is waiting when the last transaction is back becomes the next one, new deliveries and completed ones in one round
/// trip. There is no timer: who is alone is written at once.
/// </summary>
/// <remarks>
/// Only what cannot wait for the application is written here: a unique key, for example, may be held by an open transaction, and would keep everybody
/// waiting for its end.
/// </remarks>
/// <threadsafety>Safe for concurrent use.</threadsafety>
internal sealed class GroupWriter(PostgresConnections connections, PostgresLocation location)
{
    /// <summary>So much at the most shares a transaction, so that nobody waits for very much of others.</summary>
    private const int MaxRows = 1_000;

    private const long MaxBytes = 4 * 1024 * 1024;

    private readonly Lock _gate = new();

    // Under _gate.
    private readonly Queue<GroupWrite> _waiting = new();
    private Task _running = Task.CompletedTask;
    private bool _isRunning;

    // The runner's own.
    private readonly List<GroupWrite> _writes = [];
    private readonly List<long> _ids = [];
    private readonly HashSet<(long Id, long Token)> _removed = [];
    private readonly List<NpgsqlBatchCommand> _commands = [];

    internal Task<IReadOnlyList<LeasedDelivery>> WriteAsync(GroupWrite write, CancellationToken cancellationToken)
    {
        var completion = write.WaitAsync(cancellationToken);
        lock (_gate)
        {
            _waiting.Enqueue(write);
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

    /// <summary>Waits until what was asked for is written.</summary>
    internal async ValueTask StopAsync()
    {
        Task running;
        lock (_gate)
        {
            running = _running;
        }

        await running.ConfigureAwait(false);
    }

    private async Task RunAsync()
    {
        while (TakeWaiting())
        {
            await WriteAsync(_writes).ConfigureAwait(false);
            _writes.Clear();
        }
    }

    /// <returns>False if nothing was waiting; the runner has ended then.</returns>
    private bool TakeWaiting()
    {
        lock (_gate)
        {
            var (rows, bytes) = (0, 0L);
            while (rows < MaxRows && bytes < MaxBytes && _waiting.TryDequeue(out var write))
            {
                if (write.TryBegin())
                {
                    _writes.Add(write);
                    rows += write.Rows;
                    bytes += write.Bytes;
                }
            }

            return _isRunning = _writes.Count > 0;
        }
    }

    private async Task WriteAsync(List<GroupWrite> writes)
    {
        PostgresSession? session = null;
        try
        {
            session = await connections.RentAsync(writes[0].What, CancellationToken.None).ConfigureAwait(false);
            for (var tries = 1; ; tries++)
            {
                try
                {
                    await CommitAsync(session, writes).ConfigureAwait(false);
                    break;
                }
                catch (PostgresException exception) when (PostgresFault.IsWorthAnotherTry(exception, tries))
                {
                }
            }

            Complete(writes);
        }
#pragma warning disable CA1031 // Whatever it is, it is told to those who wait: none of them may be left waiting, and the writer goes on.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            if (writes.Count > 1 && session is { IsOpen: true })
            {
                // One of them is at fault; the others must not fail with it.
                await connections.ReturnAsync(session).ConfigureAwait(false);
                foreach (var write in writes)
                {
                    await WriteAsync([write]).ConfigureAwait(false);
                }

                return;
            }

            writes.ForEach(write => write.Fail(
                PostgresFault.IsFault(exception) ? PostgresFault.Explain(write.What, location, exception, wasSent: true) : exception));
        }

        if (session is not null)
        {
            await connections.ReturnAsync(session).ConfigureAwait(false);
        }
    }

    private async Task CommitAsync(PostgresSession session, List<GroupWrite> writes)
    {
        Fill(session, writes);
        _ids.Clear();
        _removed.Clear();
        try
        {
            var reader = await session.ExecuteAsync(_commands).ConfigureAwait(false);
            await using (reader.ConfigureAwait(false))
            {
                var isRemoval = _commands[0] == session.Remove.Command;
                do
                {
                    while (await reader.ReadAsync().ConfigureAwait(false))
                    {
                        if (isRemoval)
                        {
                            _removed.Add((reader.GetInt64(0), reader.GetInt64(1)));
                        }
                        else
                        {
                            _ids.Add(reader.GetInt64(0));
                        }
                    }

                    isRemoval = false;
                }
                while (await reader.NextResultAsync().ConfigureAwait(false));
            }
        }
        finally
        {
            session.Insert.Clear();
            session.Remove.Clear();
        }
    }

    private void Fill(PostgresSession session, List<GroupWrite> writes)
    {
        _commands.Clear();
        var (adds, removes) = (false, false);
        foreach (var write in writes)
        {
            for (var i = 0; i < write.Added.Count; i++, adds = true)
            {
                session.Insert.Add(write.Added[i]);
            }

            for (var i = 0; i < write.Completed.Count; i++, removes = true)
            {
                session.Remove.Add(write.Completed[i]);
            }
        }

        if (removes)
        {
            _commands.Add(session.Remove.Command);
        }

        if (adds)
        {
            _commands.Add(session.Insert.Command);
        }
    }

    private void Complete(List<GroupWrite> writes)
    {
        var next = 0;
        foreach (var write in writes)
        {
            for (var i = 0; i < write.Added.Count; i++)
            {
                write.Added[i].Id = _ids[next++];
            }

            List<LeasedDelivery>? lost = null;
            for (var i = 0; i < write.Completed.Count; i++)
            {
                // Taken out, so that the second settlement of one delivery finds it settled.
                var delivery = write.Completed[i].Delivery;
                if (!_removed.Remove((delivery.Id, delivery.Token)))
                {
                    (lost ??= []).Add(delivery);
                }
            }

            write.Complete(lost ?? (IReadOnlyList<LeasedDelivery>)[]);
        }
    }
}
