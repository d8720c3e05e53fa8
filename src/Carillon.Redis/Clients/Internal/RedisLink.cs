using Carillon.Transports;

namespace Carillon.Redis.Clients.Internal;

/// <summary>The way to the server: a connection that is made when it is needed, and made anew when it was lost.</summary>
/// <threadsafety>Safe for concurrent use.</threadsafety>
internal sealed class RedisLink(RedisAddress address, RedisOptions options, TimeProvider time) : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private Task<RedisConnection>? _connecting;
    private bool _isDisposed;

    internal string Description => address.Description;

    /// <summary>Sends a command.</summary>
    /// <param name="what">What it is for, for the message: <c>publish 'poll.created'</c>.</param>
    /// <param name="command">The command.</param>
    /// <param name="wait">How long the server may block, beyond the time that an answer may take.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="TransportException">The server cannot be reached, or has refused it.</exception>
    internal async ValueTask<RespValue> SendAsync(string what, RedisCommand command, TimeSpan wait, CancellationToken cancellationToken)
    {
        RedisConnection? connection = null;
        try
        {
            connection = await ConnectAsync(cancellationToken).ConfigureAwait(false);
            return await connection.SendAsync(command, options.CommandTimeout + wait, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (RedisFault.IsFault(exception))
        {
            throw Explain(what, connection, exception);
        }
    }

    /// <summary>Runs a script.</summary>
    /// <exception cref="TransportException">The server cannot be reached, or has refused it.</exception>
    internal async ValueTask<RespValue> RunAsync(string what, RedisScript script, Func<RedisCommand, RedisCommand> complete, CancellationToken cancellationToken)
    {
        RedisConnection? connection = null;
        try
        {
            connection = await ConnectAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                return await connection.SendAsync(complete(new RedisCommand("EVALSHA").Add(script.Hash)), options.CommandTimeout, cancellationToken).ConfigureAwait(false);
            }
            catch (RedisServerException exception) when (exception.Is("NOSCRIPT"))
            {
                // The server has not seen it since it was started.
                return await connection.SendAsync(complete(new RedisCommand("EVAL").Add(script.Text)), options.CommandTimeout, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception exception) when (RedisFault.IsFault(exception))
        {
            throw Explain(what, connection, exception);
        }
    }

    /// <summary>Whoever comes next connects anew.</summary>
    internal void GiveUp()
    {
        Task<RedisConnection>? last;
        lock (_gate)
        {
            last = _connecting;
        }

        if (last is { IsCompletedSuccessfully: true })
        {
            last.Result.GiveUp();
        }
    }

    public async ValueTask DisposeAsync()
    {
        Task<RedisConnection>? last;
        lock (_gate)
        {
            _isDisposed = true;
            last = _connecting;
        }

        await CloseAsync(last).ConfigureAwait(false);
    }

    private TransportException Explain(string what, RedisConnection? connection, Exception exception)
    {
        if (RedisFault.IsOfReplica(exception))
        {
            connection?.GiveUp();
        }

        return RedisFault.Explain(what, address.Description, exception);
    }

    /// <summary>Everybody who comes while a connection is being made waits for that one.</summary>
    private async ValueTask<RedisConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        Task<RedisConnection>? lost = null;
        Task<RedisConnection> connecting;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (_connecting is not { } last || last.IsFaulted || last.IsCanceled || (last.IsCompletedSuccessfully && !last.Result.IsOpen))
            {
                lost = _connecting;
                _connecting = Task.Run(() => RedisConnection.OpenAsync(address, options, time, CancellationToken.None), CancellationToken.None);
            }

            connecting = _connecting;
        }

        await CloseAsync(lost).ConfigureAwait(false);
        return await connecting.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    private static async ValueTask CloseAsync(Task<RedisConnection>? connecting)
    {
        if (connecting is null)
        {
            return;
        }

        await ((Task)connecting).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        // Otherwise there was none.
        if (connecting.IsCompletedSuccessfully)
        {
            await connecting.Result.DisposeAsync().ConfigureAwait(false);
        }
    }
}
