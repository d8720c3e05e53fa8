using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;

namespace Carillon.Redis.Clients.Internal;

/// <summary>One connection: many commands are on their way at once, and each reply is the next one's.</summary>
/// <remarks>
/// A command is written into a buffer at once, under a lock, so that its bytes are the caller's again whatever becomes of the call; whoever finds nobody sending sends
/// what is there, and what comes meanwhile goes with the next write.
/// </remarks>
/// <threadsafety>Safe for concurrent use.</threadsafety>
internal sealed class RedisConnection : IAsyncDisposable
{
    // So often somebody sends what others have written meanwhile, before another thread does.
    private const int MaxForOthers = 16;

    private readonly Lock _gate = new();
    private readonly Queue<PendingReply> _pending = new();
    private readonly Stream _stream;
    private readonly TimeProvider _time;
    private readonly RespReader _reader;
    private readonly ITimer _watch;
    private readonly Task _reading;
    private CommandBuffer _filling = new();
    private CommandBuffer _sending = new();
    private bool _isWriting;
    private Exception? _fault;

    internal RedisConnection(Stream stream, TimeProvider time, RespLimits limits, TimeSpan watchEvery)
    {
        (_stream, _time) = (stream, time);
        _reader = new RespReader(stream, limits);
        _watch = time.CreateTimer(static state => ((RedisConnection)state!).Watch(), this, watchEvery, watchEvery);
        _reading = Task.Run(ReadAsync);
    }

    internal bool IsOpen
    {
        get
        {
            lock (_gate)
            {
                return _fault is null;
            }
        }
    }

    /// <summary>Connects, and says who we are.</summary>
    /// <exception cref="RedisConnectionException">It cannot be reached.</exception>
    /// <exception cref="RedisServerException">It does not let us in.</exception>
    internal static async Task<RedisConnection> OpenAsync(RedisAddress address, RedisOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(options.ConnectTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        Stream? stream = null;
        try
        {
            stream = await ConnectAsync(address, options, either.Token).ConfigureAwait(false);
            var connection = new RedisConnection(stream, time, RespLimits.Default, Min(options.CommandTimeout, TimeSpan.FromSeconds(1)));
            try
            {
                await connection.GreetAsync(address, options.ConnectTimeout, either.Token).ConfigureAwait(false);
                return connection;
            }
            catch
            {
                await connection.DisposeAsync().ConfigureAwait(false);
                throw;
            }
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            await CloseAsync(stream).ConfigureAwait(false);
            throw new RedisConnectionException($"it did not answer within {options.ConnectTimeout}");
        }
        catch (AuthenticationException exception) when (address.Certificates.Refusal is { } refusal)
        {
            await CloseAsync(stream).ConfigureAwait(false);
            throw new RedisConnectionException(refusal, exception);
        }
        catch (Exception exception)
        {
            await CloseAsync(stream).ConfigureAwait(false);
            if (RedisFault.IsFault(exception) || cancellationToken.IsCancellationRequested)
            {
                throw;
            }

            // The network, TLS, or what the application says of it.
            throw new RedisConnectionException(exception.Message.TrimEnd('.'), exception);
        }
    }

    /// <summary>Sends a command and waits for its reply.</summary>
    /// <exception cref="RedisServerException">The server has refused it.</exception>
    /// <exception cref="RedisConnectionException">The connection was lost, or the answer did not come in time.</exception>
    internal async ValueTask<RespValue> SendAsync(RedisCommand command, TimeSpan timeout, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var pending = new PendingReply(_time.GetTimestamp(), timeout);
        var writes = false;
        lock (_gate)
        {
            if (_fault is { } fault)
            {
                throw new RedisConnectionException(fault.Message.TrimEnd('.'), fault);
            }

            command.WriteTo(_filling);
            _pending.Enqueue(pending);
            if (!_isWriting)
            {
                writes = _isWriting = true;
            }
        }

        if (writes)
        {
            _ = WriteAsync(MaxForOthers);
        }

        // The reply still comes, and is thrown away, if nobody waits for it any more.
        var reply = await pending.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        return reply.Kind == RespKind.Error ? throw new RedisServerException(reply.Text) : reply;
    }

    /// <summary>Nothing more is sent by it, and what is under way is not waited for: the server is the wrong one.</summary>
    internal void GiveUp() => Abort(new IOException("the connection was given up, since the server is no primary"));

    public async ValueTask DisposeAsync()
    {
        Abort(new ObjectDisposedException(nameof(RedisConnection), "the connection was closed"));
        await _reading.ConfigureAwait(false);
        await _watch.DisposeAsync().ConfigureAwait(false);
        _reader.Dispose();
        // The buffers are left to the collector: a write may still be looking at one.
    }

    private static async Task<Stream> ConnectAsync(RedisAddress address, RedisOptions options, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        SslStream? encrypted = null;
        try
        {
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            await socket.ConnectAsync(address.Host, address.Port, cancellationToken).ConfigureAwait(false);
            var plain = new NetworkStream(socket, ownsSocket: true);
            if (!address.UseTls)
            {
                return plain;
            }

            var how = new SslClientAuthenticationOptions { TargetHost = address.Host };
            options.ConfigureTls?.Invoke(how);
            how.RemoteCertificateValidationCallback ??= (_, certificate, chain, errors) => address.Certificates.IsTrusted(how.TargetHost ?? address.Host, certificate, chain, errors);
            encrypted = new SslStream(plain);
            await encrypted.AuthenticateAsClientAsync(how, cancellationToken).ConfigureAwait(false);
            return encrypted;
        }
        catch
        {
            await CloseAsync(encrypted).ConfigureAwait(false);
            socket.Dispose();
            throw;
        }
    }

    private async Task GreetAsync(RedisAddress address, TimeSpan timeout, CancellationToken cancellationToken)
    {
        if (address.Password is { } password)
        {
            var command = new RedisCommand("AUTH");
            await SendAsync((address.User is { } user ? command.Add(user) : command).Add(password), timeout, cancellationToken).ConfigureAwait(false);
        }

        if (address.Database != 0)
        {
            await SendAsync(new RedisCommand("SELECT").Add(address.Database), timeout, cancellationToken).ConfigureAwait(false);
        }

        // Without a password a server that wants one says so here, and not in the middle of the first event.
        await SendAsync(new RedisCommand("PING"), timeout, cancellationToken).ConfigureAwait(false);
    }

    private async Task WriteAsync(int most)
    {
        try
        {
            for (var written = 0; written < most; written++)
            {
                lock (_gate)
                {
                    if (_filling.IsEmpty || _fault is not null)
                    {
                        _isWriting = false;
                        return;
                    }

                    (_filling, _sending) = (_sending, _filling);
                }

                await _stream.WriteAsync(_sending.Written).ConfigureAwait(false);
                _sending.Clear();
            }

            // Not for ever in the place of a caller who has its own things to do.
            _ = Task.Run(() => WriteAsync(int.MaxValue));
        }
#pragma warning disable CA1031 // Whatever it is, the connection is over, and everybody who waits is told.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Abort(exception);
        }
    }

    private async Task ReadAsync()
    {
        try
        {
            while (true)
            {
                var reply = await _reader.ReadAsync(CancellationToken.None).ConfigureAwait(false);
                PendingReply? next;
                lock (_gate)
                {
                    if (!_pending.TryDequeue(out next))
                    {
                        throw new RespException("The server has answered what nobody had asked.");
                    }
                }

                next.TrySetResult(reply);
            }
        }
#pragma warning disable CA1031 // Whatever it is, the connection is over, and everybody who waits is told.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Abort(exception);
        }
    }

    private void Watch()
    {
        lock (_gate)
        {
            if (!_pending.TryPeek(out var first) || !first.IsOverdue(_time))
            {
                return;
            }
        }

        Abort(new TimeoutException("the server did not answer in time"));
    }

    private void Abort(Exception fault)
    {
        PendingReply[] waiting;
        lock (_gate)
        {
            if (_fault is not null)
            {
                return;
            }

            _fault = fault;
            waiting = [.. _pending];
            _pending.Clear();
        }

        // What is being read and written ends with it.
        _stream.Dispose();
        foreach (var each in waiting)
        {
            each.TrySetException(new RedisConnectionException(fault.Message.TrimEnd('.'), fault));
        }
    }

    private static async ValueTask CloseAsync(Stream? stream)
    {
        if (stream is not null)
        {
            await stream.DisposeAsync().ConfigureAwait(false);
        }
    }

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
