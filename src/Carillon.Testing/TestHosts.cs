using Carillon.Testing.Internal;
using Carillon.Transports.InMemory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Carillon.Testing;

/// <summary>Several applications in one test, joined by a transport in memory and by one simulated clock.</summary>
/// <remarks>
/// Call <see cref="TestingCarillonBuilderExtensions.JoinTestHosts"/> in the AddCarillon of each, build their hosts and hand them to <see cref="StartAsync"/>. Disposing stops the hosts and disposes them, the last one first.
/// </remarks>
/// <threadsafety>Belongs to one test.</threadsafety>
public sealed class TestHosts : IAsyncDisposable
{
    private readonly List<IHost> _hosts = [];

    /// <summary>Makes the clock and the broker.</summary>
    /// <param name="time">The clock; null for a new one.</param>
    public TestHosts(SimulatedTime? time = null)
    {
        Time = time ?? new SimulatedTime();
        Transport = new InMemoryTransport(Time);
    }

    /// <summary>The clock of all of them, and of the transport.</summary>
    public SimulatedTime Time { get; }

    /// <summary>What joins them. Its dead letters are those of the subscriptions.</summary>
    public InMemoryTransport Transport { get; }

    /// <summary>Starts hosts, in this order. A subscription exists once its host has started: start those that receive first.</summary>
    /// <param name="hosts">The hosts.</param>
    public async Task StartAsync(params IHost[] hosts)
    {
        ArgumentNullException.ThrowIfNull(hosts);
        foreach (var host in hosts)
        {
            _hosts.Add(host);
            await host.StartAsync(CancellationToken.None).ConfigureAwait(false);
        }
    }

    /// <summary>Runs all of them until nothing is due in any, nothing runs in the background and nothing is on its way between them. What is due later stays.</summary>
    /// <param name="limit">How many attempts at the most, all together.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>How many attempts of durable listeners were made; each event that leaves is one.</returns>
    /// <exception cref="InvalidOperationException">The limit was reached; most likely the applications answer each other without end.</exception>
    public Task<int> RunToIdleAsync(int limit = DeliveryDrain.DefaultLimit, CancellationToken cancellationToken = default) =>
        Idle.RunAsync([.. _hosts.Select(static host => host.Services)], limit, cancellationToken);

    /// <summary>Stops a host, as one that is deployed anew or goes away. What waits for it stays with the transport and in its store.</summary>
    /// <param name="host">One that was started here.</param>
    public async Task StopAsync(IHost host)
    {
        ArgumentNullException.ThrowIfNull(host);
        if (_hosts.Remove(host))
        {
            await host.StopAsync(CancellationToken.None).ConfigureAwait(false);
            await DisposeAsync(host).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        for (var index = _hosts.Count - 1; index >= 0; index--)
        {
            await StopAsync(_hosts[index]).ConfigureAwait(false);
        }
    }

    private static async ValueTask DisposeAsync(IHost host)
    {
        if (host is IAsyncDisposable disposable)
        {
            await disposable.DisposeAsync().ConfigureAwait(false);
        }
        else
        {
            host.Dispose();
        }
    }
}
