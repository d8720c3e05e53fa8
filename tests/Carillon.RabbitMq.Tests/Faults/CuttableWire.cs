using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Carillon.RabbitMq.Tests.Faults;

/// <summary>A way to the broker that a test can cut: the sockets are closed as a network does it, without a word.</summary>
internal sealed class CuttableWire : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<Socket, byte> _open = new();
    private readonly Uri _broker;
    private readonly Task _accepting;
    private readonly Lock _gate = new();
    private volatile bool _isDown;
    private long _allowed = long.MaxValue;
    private TaskCompletionSource _moreAllowed = new();

    internal CuttableWire(string broker)
    {
        _broker = new Uri(broker);
        _listener.Start();
        _accepting = AcceptAsync();
        Address = new UriBuilder(_broker) { Host = "127.0.0.1", Port = ((IPEndPoint)_listener.LocalEndpoint).Port }.Uri.ToString();
    }

    /// <summary>The address of the broker by this wire.</summary>
    internal string Address { get; }

    /// <summary>What goes to the broker is changed on its way: bytes for as many others.</summary>
    internal (byte[] From, byte[] To)? Rewrite { get; init; }

    /// <summary>Ends all connections. New ones are let through.</summary>
    internal void Cut()
    {
        foreach (var socket in _open.Keys)
        {
            socket.Close(0);
        }
    }

    /// <summary>Ends all connections, and lets none through until it is up.</summary>
    internal void TakeDown()
    {
        _isDown = true;
        Cut();
    }

    internal void BringUp() => _isDown = false;

    /// <summary>Nothing more is carried to the broker; what it says comes through.</summary>
    internal void HoldBack()
    {
        lock (_gate)
        {
            _allowed = 0;
            _moreAllowed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    /// <summary>So many bytes more are carried to the broker.</summary>
    internal void LetThrough(int bytes)
    {
        lock (_gate)
        {
            _allowed = bytes == int.MaxValue ? long.MaxValue : _allowed + bytes;
            _moreAllowed.TrySetResult();
            _moreAllowed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        Cut();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            var near = await _listener.AcceptSocketAsync();
            if (_isDown)
            {
                near.Close(0);
                continue;
            }

            var far = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            near.NoDelay = true;
            await far.ConnectAsync(IPAddress.Loopback, _broker.Port);
            _open.TryAdd(near, 0);
            _open.TryAdd(far, 0);
            _ = CarryAsync(near, far, isToBroker: true);
            _ = CarryAsync(far, near, isToBroker: false);
        }
    }

    private void Change(Span<byte> bytes)
    {
        if (Rewrite is var (from, to) && bytes.IndexOf(from) is >= 0 and var place)
        {
            to.CopyTo(bytes[place..]);
        }
    }

    private async ValueTask AllowedAsync(int count)
    {
        while (true)
        {
            Task more;
            lock (_gate)
            {
                if (_allowed >= count)
                {
                    _allowed -= _allowed == long.MaxValue ? 0 : count;
                    return;
                }

                more = _moreAllowed.Task;
            }

            await more;
        }
    }

    private async Task CarryAsync(Socket from, Socket to, bool isToBroker)
    {
        var buffer = new byte[65_536];
        try
        {
            for (int count; (count = await from.ReceiveAsync(buffer)) > 0;)
            {
                if (isToBroker)
                {
                    await AllowedAsync(count);
                    Change(buffer.AsSpan(0, count));
                }

                for (var sent = 0; sent < count;)
                {
                    sent += await to.SendAsync(buffer.AsMemory(sent, count - sent));
                }
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
        }

        from.Close();
        to.Close();
        _open.TryRemove(from, out _);
        _open.TryRemove(to, out _);
    }
}
