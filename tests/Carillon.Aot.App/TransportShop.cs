using Carillon.Aot.Orders;
using Carillon.Transports;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Carillon.Aot.App;

/// <summary>An event leaves over a broker and is received again: once refused, so that it comes a second time, and once more than it may, so that it is a dead letter.</summary>
internal static class TransportShop
{
    private const string Key = "native";

    internal static async Task<int> RunAsync(Action<CarillonBuilder> useTransport)
    {
        var story = new Story();
        var builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Logging.ClearProviders();
        builder.Services.AddCarillon(carillon =>
        {
            useTransport(carillon);
            carillon
                .UseInMemory()
                .Publish<OrderPlaced>()
                .ConfigureEnvelopes(envelopes => envelopes.Json.TypeInfoResolverChain.Insert(0, EventsJson.Default))
                .ConfigureRetries(retries => (retries.FirstDelay, retries.MaxAttempts) = (TimeSpan.FromMilliseconds(100), 2));
        });
        using var host = builder.Build();
        await host.StartAsync();
        var taken = new SemaphoreSlim(0);
        await using (await host.Services.GetRequiredService<IEventReceiver>().ReceiveAsync(
            "order.*",
            (received, _) =>
            {
                story.Tell($"{received.Name} {received.Read<OrderPlaced>().Number}, attempt {received.Attempt}");
                if (received.Attempt == 1 || received.Read<OrderPlaced>().Number == 2)
                {
                    received.Reject("not now");
                }

                taken.Release();
                return ValueTask.CompletedTask;
            },
            Key))
        {
            await using var scope = host.Services.CreateAsyncScope();
            foreach (var number in (int[])[1, 2])
            {
                await scope.ServiceProvider.GetRequiredService<IEventDispatcher>().DispatchAsync(new OrderPlaced(number));
                await taken.WaitAsync();
                await taken.WaitAsync();
            }
        }

        var transport = host.Services.GetRequiredService<ITransport>();
        foreach (var letter in await transport.DeadLetters.ListAsync(Key, 10, CancellationToken.None))
        {
            story.Tell($"dead letter: {letter.Reason}");
        }

        story.Tell($"deleted {await transport.DeleteSubscriptionAsync(Key, CancellationToken.None)}");
        await host.StopAsync();
        return 0;
    }
}
