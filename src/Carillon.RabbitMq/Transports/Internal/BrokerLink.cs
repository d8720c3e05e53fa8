using System.Text;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;

namespace Carillon.RabbitMq.Transports.Internal;

/// <summary>One connection, opened when somebody needs it and again after it was lost.</summary>
/// <remarks>
/// Publishing and receiving have one each: a broker that is short of memory stops to read from those who publish, and acknowledgements are not to wait behind events.
/// The client's own recovery is not used: it opens channels again that nobody knows to be others, and with them delivery tags that mean something else.
/// </remarks>
/// <threadsafety>Safe for concurrent use.</threadsafety>
internal sealed class BrokerLink(BrokerAddress address, string purpose, RabbitInstruments instruments, ILogger logger) : IAsyncDisposable
{
    private static readonly TimeSpan PatienceAtClose = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly Lock _gate = new();
    private IConnection? _connection;
    private bool _isDisposed;

    /// <summary>Why the broker takes no events; null if it does.</summary>
    internal string? BlockedReason { get; private set; }

    internal bool IsOpen => _connection is { IsOpen: true };

    /// <summary>The largest frame that the broker takes, as it has said last, in bytes; 0 for no limit, and before there was a connection.</summary>
    internal uint FrameMax { get; private set; }

    internal string Purpose => purpose;

    internal BrokerAddress Address => address;

    /// <summary>The broker blocks, or does not any more.</summary>
    internal event Action? BlockedChanged;

    /// <summary>A connection has ended, whatever its channels say: the client tells them one after the other, and one that hangs holds up those behind it.</summary>
    internal event Action<IConnection, ShutdownEventArgs>? ConnectionEnded;

    /// <summary>A channel of its own.</summary>
    /// <exception cref="Carillon.Transports.TransportException">The broker cannot be reached.</exception>
    internal async ValueTask<IChannel> OpenChannelAsync(string what, CreateChannelOptions? options, CancellationToken cancellationToken) =>
        (await OpenAsync(what, options, cancellationToken).ConfigureAwait(false)).Channel;

    /// <summary>The same, with the connection that it is on.</summary>
    /// <exception cref="Carillon.Transports.TransportException">The broker cannot be reached.</exception>
    internal async ValueTask<(IConnection Connection, IChannel Channel)> OpenAsync(string what, CreateChannelOptions? options, CancellationToken cancellationToken)
    {
        try
        {
            var connection = await ConnectAsync(cancellationToken).ConfigureAwait(false);
            return (connection, await connection.CreateChannelAsync(options, cancellationToken).ConfigureAwait(false));
        }
        catch (Exception exception) when (RabbitFault.IsFault(exception, cancellationToken) && !_isDisposed)
        {
            throw RabbitFault.Explain(what, address, exception);
        }
    }

    /// <summary>The version of the broker; null before there was a connection, or if it does not say.</summary>
    internal Version? Version { get; private set; }

    /// <summary>Gives a connection up on which nothing moves any more; the next one who needs a connection opens another.</summary>
    internal void Abandon(IConnection connection, string why)
    {
        lock (_gate)
        {
            if (_connection != connection)
            {
                return;
            }

            (_connection, BlockedReason) = (null, null);
        }

        instruments.ConnectionLost(purpose);
        Log.ConnectionLost(logger, address.Description, purpose, why);
        BlockedChanged?.Invoke();
        _ = Task.Run(() => CloseAsync(connection));
    }

    public async ValueTask DisposeAsync()
    {
        await _turn.WaitAsync().ConfigureAwait(false);
        try
        {
            _isDisposed = true;
            IConnection? connection;
            lock (_gate)
            {
                (connection, _connection) = (_connection, null);
            }

            if (connection is not null)
            {
                await CloseAsync(connection).ConfigureAwait(false);
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    // Its patience is that of the client; beyond that nobody waits for a client that does not come back from it.
    private static async Task CloseAsync(IConnection connection)
    {
        try
        {
            await connection.AbortAsync(PatienceAtClose).WaitAsync(2 * PatienceAtClose).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // A connection that cannot be closed is closed.
        catch (Exception)
#pragma warning restore CA1031
        {
        }
    }

    private async ValueTask<IConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        if (_connection is { IsOpen: true } open)
        {
            return open;
        }

        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (_connection is { IsOpen: true } opened)
            {
                return opened;
            }

            var connection = await address.ConnectAsync(purpose, cancellationToken).ConfigureAwait(false);
            FrameMax = connection.FrameMax;
            lock (_gate)
            {
                (_connection, BlockedReason) = (connection, null);
            }

            // What it says counts from now on, and what another one has said does not any more.
            connection.ConnectionShutdownAsync += LostAsync;
            connection.ConnectionBlockedAsync += BlockedAsync;
            connection.ConnectionUnblockedAsync += UnblockedAsync;
            BlockedChanged?.Invoke();
            var version = connection.ServerProperties?.TryGetValue("version", out var said) == true && said is byte[] text ? Encoding.UTF8.GetString(text) : "unknown";
            Version = Version.TryParse(version.Split('-', '+')[0], out var parsed) ? parsed : null;
            Log.Connected(logger, address.Description, purpose, version);
            return connection;
        }
        finally
        {
            _turn.Release();
        }
    }

    private Task LostAsync(object sender, ShutdownEventArgs reason)
    {
        if (reason.Initiator != ShutdownInitiator.Application)
        {
            instruments.ConnectionLost(purpose);
            Log.ConnectionLost(logger, address.Description, purpose, RabbitFault.Answer(reason));
            if (reason is { Initiator: ShutdownInitiator.Library, Exception: ProtocolException unreadable })
            {
                Log.Unreadable(logger, address.Description, unreadable.Message.TrimEnd('.'));
            }

            SetBlocked(sender, null);
        }

        ConnectionEnded?.Invoke((IConnection)sender, reason);
        return Task.CompletedTask;
    }

    internal Task BlockedAsync(object sender, ConnectionBlockedEventArgs blocked)
    {
        if (SetBlocked(sender, blocked.Reason))
        {
            Log.Blocked(logger, address.Description, blocked.Reason);
        }

        return Task.CompletedTask;
    }

    internal Task UnblockedAsync(object sender, AsyncEventArgs unblocked)
    {
        if (SetBlocked(sender, null))
        {
            Log.Unblocked(logger, address.Description);
        }

        return Task.CompletedTask;
    }

    // Not if it comes late, from a connection in whose place there is another one: that one would never say that it has ended.
    private bool SetBlocked(object sender, string? reason)
    {
        lock (_gate)
        {
            if (sender != _connection)
            {
                return false;
            }

            BlockedReason = reason;
        }

        BlockedChanged?.Invoke();
        return true;
    }
}
