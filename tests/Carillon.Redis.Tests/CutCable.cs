using System.Net;
using System.Net.Sockets;

namespace Carillon.Redis.Tests;

/// <summary>Stands between a client and a server, and can be cut: nothing gets through any more, and nobody is told.</summary>
internal sealed class CutCable : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly List<TcpClient> _clients = [];
    private readonly Task _accepting;
    private volatile string _server;
    private volatile bool _isCut;

    internal CutCable(string server)
    {
        _server = server;
        _listener.Start();
        Address = $"127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";
        _accepting = AcceptAsync();
    }

    internal string Address { get; }

    internal void Cut() => _isCut = true;

    /// <summary>Whoever connects from now on reaches another server; who is connected notices nothing.</summary>
    internal void LeadTo(string server) => _server = server;

    internal void Mend()
    {
        _isCut = false;
        // What was sent meanwhile is lost with its connection, as it is when a route is gone for long.
        Close();
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        Close();
        await _accepting;
    }

    private void Close()
    {
        lock (_clients)
        {
            _clients.ForEach(client => client.Dispose());
            _clients.Clear();
        }
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var near = await _listener.AcceptTcpClientAsync(_end.Token);
                var far = new TcpClient { NoDelay = true };
                near.NoDelay = true;
                await far.ConnectAsync(IPEndPoint.Parse(_server), _end.Token);
                lock (_clients)
                {
                    _clients.AddRange([near, far]);
                }

                _ = CarryAsync(near, far);
                _ = CarryAsync(far, near);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
        }
    }

    private async Task CarryAsync(TcpClient from, TcpClient to)
    {
        try
        {
            var buffer = new byte[64 * 1024];
            while (await from.GetStream().ReadAsync(buffer, _end.Token) is > 0 and var read)
            {
                if (!_isCut)
                {
                    await to.GetStream().WriteAsync(buffer.AsMemory(0, read), _end.Token);
                }
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or SocketException or ObjectDisposedException or InvalidOperationException)
        {
        }

        to.Dispose();
    }
}
