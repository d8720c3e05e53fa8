using System.Globalization;
using Carillon.Conformance.Transports;
using Carillon.Redis.Clients.Internal;
using Carillon.Redis.Transports;
using Carillon.Transports;

namespace Carillon.Redis.Tests.Transports;

/// <summary>Keys of its own on the server of the tests. Gone with the test.</summary>
public sealed class RedisTransports : TestTransports
{
    private static int _count;

    private readonly List<RedisTransport> _open = [];

    /// <summary>Said by ./test, which starts the server that is named in the file servers.</summary>
    public static string Server { get; } = Environment.GetEnvironmentVariable("CARILLON_TEST_REDIS")
        ?? throw new InvalidOperationException("CARILLON_TEST_REDIS is not set: let ./test run these tests, or set it to host:port of a Redis server.");

    public string Prefix { get; } = string.Create(CultureInfo.InvariantCulture, $"test-{Environment.ProcessId}-{Interlocked.Increment(ref _count)}");

    public RedisTransport Create(Action<RedisOptions>? configure = null)
    {
        var options = new RedisOptions { Server = Server, Prefix = Prefix };
        configure?.Invoke(options);
        var transport = new RedisTransport(options);
        _open.Add(transport);
        return transport;
    }

    public override async ValueTask<ITransport> OpenAsync() => await OpenAsync(null);

    public async ValueTask<RedisTransport> OpenAsync(Action<RedisOptions>? configure)
    {
        var transport = Create(configure);
        await transport.PrepareAsync(TestContext.Current.CancellationToken);
        return transport;
    }

    /// <summary>The names of the keys that there are, without the prefix.</summary>
    public async Task<IReadOnlyList<string>> KeysAsync()
    {
        var reply = await SendAsync(new RedisCommand("KEYS").Add($"{{{Prefix}}}*"));
        return [.. reply.Items.Select(each => each.Text[(Prefix.Length + 3)..]).Order(StringComparer.Ordinal)];
    }

    internal static async Task<RespValue> SendAsync(RedisCommand command)
    {
        var options = new RedisOptions { Server = Server };
        await using var link = new RedisLink(RedisAddress.Of(options), options, TimeProvider.System);
        return await link.SendAsync("look", command, TimeSpan.Zero, CancellationToken.None);
    }

    public override async ValueTask DisposeAsync()
    {
        foreach (var transport in _open)
        {
            await transport.DisposeAsync();
        }

        foreach (var key in await KeysAsync())
        {
            await SendAsync(new RedisCommand("DEL").Add($"{{{Prefix}}}:{key}"));
        }
    }
}
