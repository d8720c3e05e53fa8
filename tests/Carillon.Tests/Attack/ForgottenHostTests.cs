using System.Runtime.CompilerServices;
using Carillon.Scheduling;
using Carillon.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Carillon.Tests.Attack;

/// <summary>Nobody has stopped the host, and nobody knows it any more: its timers go with its clock, on the thread of the finalizers.</summary>
[Collection(AloneCollection.Name)]
public sealed class ForgottenHostTests
{
    [Fact]
    public async Task Its_schedules_end_and_keep_no_finalizer_waiting()
    {
        var clock = await StartAndForgetAsync();

        // Who prepares the services in the background may know the host for a moment longer.
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        do
        {
            GC.Collect();
            await Task.Run(GC.WaitForPendingFinalizers, limit.Token).WaitAsync(limit.Token);
        }
        while (clock.IsAlive);
    }

    // As a host of a web application does it in a test; the one of a console would be held by the signals that it waits for.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<WeakReference> StartAndForgetAsync()
    {
        var clock = new SimulatedTime();
        var services = new ServiceCollection().AddLogging();
        services.AddCarillon(carillon => carillon
            .UseSimulatedTime(clock)
            .UseInMemory()
            .RunDeliveriesByHand()
            .AddEvent<NumberCounted>()
            .AddSchedule("counting", Schedules.Every(TimeSpan.FromMinutes(10)), _ => new NumberCounted(1)));
        foreach (var service in services.BuildServiceProvider().GetServices<IHostedService>())
        {
            await service.StartAsync(TestContext.Current.CancellationToken);
        }

        return new WeakReference(clock);
    }
}
