using Microsoft.Extensions.Logging;
using Npgsql;

namespace Carillon.Postgres.Deliveries.Internal;

/// <summary>Hears what other processes tell, on a connection of its own, which is opened again when it breaks.</summary>
internal sealed class NotificationListener : IAsyncDisposable
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan MaxDelay = TimeSpan.FromSeconds(5);

    // So long a silence may be a cable that was cut.
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(30);

    private readonly PostgresConnections _connections;
    private readonly PostgresLocation _location;
    private readonly NotificationSender _own;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly string _channel;
    private readonly Action<string> _wake;
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _running;

    /// <param name="connections">How to connect.</param>
    /// <param name="location">For messages.</param>
    /// <param name="channel">On which channel.</param>
    /// <param name="own">Who tells in this process: what comes from there is known.</param>
    /// <param name="time">By which time it waits.</param>
    /// <param name="logger">Where to log.</param>
    /// <param name="wake">Called with what was told; empty if anything may have been.</param>
    internal NotificationListener(
        PostgresConnections connections, PostgresLocation location, string channel, NotificationSender own, TimeProvider time, ILogger logger, Action<string> wake)
    {
        (_connections, _location, _channel, _own, _time, _logger, _wake) = (connections, location, channel, own, time, logger, wake);
        _running = Task.Run(RunAsync);
    }

    /// <summary>Ends when it listens, or has tried in vain and goes on trying.</summary>
    internal Task Started => _started.Task;

    /// <summary>The server's process that it listens through.</summary>
    internal int ProcessId { get; private set; }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        var delay = FirstDelay;
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var connection = await _connections.OpenDirectAsync("listen for what other processes write", _stop.Token).ConfigureAwait(false);
                await using (connection.ConfigureAwait(false))
                {
                    await ListenAsync(connection).ConfigureAwait(false);
                    delay = FirstDelay;
                    await WaitAsync(connection).ConfigureAwait(false);
                }
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
            }
#pragma warning disable CA1031 // One that listened no more because of something that nobody had thought of would be missed by nobody.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                _started.TrySetResult();
                if (delay == FirstDelay)
                {
                    // Not again while it lasts.
                    Log.NotificationsLost(_logger, _location.Description, delay, exception);
                }

                // Meanwhile everybody polls.
                await Task.Delay(delay, _time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                delay = delay * 2 < MaxDelay ? delay * 2 : MaxDelay;
            }
        }

        _started.TrySetResult();
    }

    private async Task ListenAsync(NpgsqlConnection connection)
    {
        connection.Notification += (_, told) =>
        {
            if (told.PID != _own.ProcessId)
            {
                _wake(told.Payload);
            }
        };
        var listen = new NpgsqlCommand($"LISTEN \"{_channel}\"", connection);
        await using (listen.ConfigureAwait(false))
        {
            await listen.ExecuteNonQueryAsync(_stop.Token).ConfigureAwait(false);
        }

        ProcessId = connection.ProcessID;
        Log.Listening(_logger, _location.Description, _channel);
        // What was told while nobody listened is not told again.
        _wake(string.Empty);
        _started.TrySetResult();
    }

    private async Task WaitAsync(NpgsqlConnection connection)
    {
        while (true)
        {
            if (!await connection.WaitAsync(Silence, _stop.Token).ConfigureAwait(false))
            {
                var ping = new NpgsqlCommand("SELECT 1", connection);
                await using (ping.ConfigureAwait(false))
                {
                    await ping.ExecuteNonQueryAsync(_stop.Token).ConfigureAwait(false);
                }
            }
        }
    }
}
