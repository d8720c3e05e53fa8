using System.Threading.Channels;
using Npgsql;

namespace Carillon.Postgres.Deliveries.Internal;

/// <summary>Tells other processes that something was written.</summary>
/// <remarks>
/// From a connection of its own, after the commit, and at most every two milliseconds: a NOTIFY inside the transaction that writes takes a lock of the whole
/// database at its commit, behind which all that write stand in line. What is lost with a connection is no more than time, since everybody polls.
/// </remarks>
/// <threadsafety>Safe for concurrent use.</threadsafety>
/// <param name="connections">How to connect.</param>
/// <param name="channel">On which channel.</param>
/// <param name="time">By which time it rests.</param>
/// <param name="takeWhat">What there is to tell, digits and commas; null if that something was written is all. Taken when it is sent.</param>
internal sealed class NotificationSender(PostgresConnections connections, string channel, TimeProvider time, Func<string>? takeWhat = null) : IAsyncDisposable
{
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(2);

    // After a failure: the server is away, and there is nobody to be told.
    private static readonly TimeSpan LongRest = TimeSpan.FromSeconds(1);

    private readonly Channel<bool> _wanted = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _stopping = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task? _running;
    private NpgsqlConnection? _connection;
    private volatile int _processId;

    /// <summary>The server's process behind the connection, by which a listener of this process knows its own call; 0 without one.</summary>
    internal int ProcessId => _processId;

    /// <summary>How often the others were told.</summary>
    internal long Sent { get; private set; }

    internal void Announce()
    {
        _wanted.Writer.TryWrite(true);
        if (_running is null)
        {
            lock (_gate)
            {
                _running ??= Start();
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        _wanted.Writer.TryComplete();
        _stopping.TrySetResult();
        if (_running is { } running)
        {
            await running.ConfigureAwait(false);
        }
    }

    // Without what surrounds whoever asks first: his TransactionScope is complete long before the loop ends.
    private Task Start()
    {
        using AsyncFlowControl? alone = ExecutionContext.IsFlowSuppressed() ? null : ExecutionContext.SuppressFlow();
        return Task.Run(RunAsync);
    }

    private async Task RunAsync()
    {
        while (await _wanted.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            // Taken before it is sent: who writes from here on is told of again.
            _wanted.Reader.TryRead(out _);
            var what = takeWhat?.Invoke();
            var rest = await TrySendAsync(what is null ? $"NOTIFY \"{channel}\"" : $"NOTIFY \"{channel}\", '{what}'").ConfigureAwait(false) ? Rest : LongRest;
            await Task.WhenAny(Task.Delay(rest, time), _stopping.Task).ConfigureAwait(false);
        }

        await CloseAsync().ConfigureAwait(false);
    }

    private async Task<bool> TrySendAsync(string command)
    {
        for (var attempt = 1; attempt <= 2; attempt++)
        {
            try
            {
                _connection ??= await OpenAsync().ConfigureAwait(false);
                var notify = new NpgsqlCommand(command, _connection);
                await using (notify.ConfigureAwait(false))
                {
                    await notify.ExecuteNonQueryAsync().ConfigureAwait(false);
                }

                Sent++;
                return true;
            }
#pragma warning disable CA1031 // Whatever it is, others are told again the next time.
            catch (Exception)
#pragma warning restore CA1031
            {
                // It may have been cut while it rested, which with Keepalive the driver may have seen by itself: once more with a new one.
                await CloseAsync().ConfigureAwait(false);
            }
        }

        return false;
    }

    private async Task<NpgsqlConnection> OpenAsync()
    {
        var connection = await connections.OpenDirectAsync("tell other processes what was written", CancellationToken.None).ConfigureAwait(false);
        _processId = connection.ProcessID;
        return connection;
    }

    private async Task CloseAsync()
    {
        if (_connection is { } connection)
        {
            _connection = null;
            await connection.DisposeAsync().ConfigureAwait(false);
        }
    }
}
