using System.Diagnostics;
using Carillon.RabbitMq;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Carillon.Benchmarks.Transport;

/// <summary>MassTransit, from the call of publish to its consumer, with as many at once and the same prefetch.</summary>
internal sealed class Mass(Place place, int window)
{
    internal async Task<double> EndToEndRateAsync(int events)
    {
        Arrivals.Current = new Arrivals(events);
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        // What is published before the consumer's queue is bound goes nowhere.
        builder.Services.Configure<MassTransitHostOptions>(host => host.WaitUntilStarted = true);
        builder.Services.AddMassTransit(bus =>
        {
            bus.AddConsumer<MassConsumer>();
            bus.UsingRabbitMq((context, rabbit) =>
            {
                var address = new Uri(place.Address);
                var user = address.UserInfo.Split(':');
                rabbit.Host(address.Host, (ushort)address.Port, "/", host =>
                {
                    host.Username(user[0]);
                    host.Password(user[1]);
                });
                rabbit.Message<MassMeasured>(message => message.SetEntityName(place.Exchange));
                rabbit.ReceiveEndpoint($"{place.Exchange}-consumer", endpoint =>
                {
                    endpoint.PrefetchCount = 256;
                    if (place.Kind == RabbitMqQueueKinds.Quorum)
                    {
                        endpoint.SetQuorumQueue();
                    }

                    endpoint.ConfigureConsumer<MassConsumer>(context);
                });
            });
        });
        using var host = builder.Build();
        await host.StartAsync();
        var bus = host.Services.GetRequiredService<IBus>();
        // The first one declares its exchange, behind which 256 threads would wait.
        await bus.Publish(new MassMeasured(0, Measured.Kibibyte));
        var next = 0;
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, window).Select(async _ =>
        {
            for (int number; (number = Interlocked.Increment(ref next)) < events;)
            {
                await bus.Publish(new MassMeasured(number, Measured.Kibibyte));
            }
        }));
        await Arrivals.Current.All;
        var rate = events / Stopwatch.GetElapsedTime(started).TotalSeconds;
        await host.StopAsync();
        return rate;
    }
}

/// <summary>The same event, as MassTransit has it.</summary>
public sealed record MassMeasured(int Number, string Body);

/// <summary>It does nothing but be counted.</summary>
public sealed class MassConsumer : IConsumer<MassMeasured>
{
    public Task Consume(ConsumeContext<MassMeasured> context)
    {
        Arrivals.Current.Add(context.Message.Number);
        return Task.CompletedTask;
    }
}
