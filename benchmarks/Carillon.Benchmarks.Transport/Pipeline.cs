using System.Diagnostics;
using Carillon.RabbitMq;
using Carillon.Transactions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace Carillon.Benchmarks.Transport;

/// <summary>The whole way: committed with the work of one application, relayed by its worker, received by another one, whose inbox knows it, and handed to its listener.</summary>
internal sealed class Pipeline(string database, Place place, int window)
{
    private const int Batch = 100;
    private const int Handled = 256;

    private string Schema => place.Exchange.Replace('-', '_');

    /// <summary>Events a second, from the first transaction to the last listener: both applications, the database and the broker at once.</summary>
    internal async Task<double> RateAsync(int events)
    {
        Arrivals.Current = new Arrivals(events);
        using var receiving = Build($"{Schema}_in", Receive);
        await receiving.StartAsync();
        using var sending = Build($"{Schema}_out", static _ => { });
        await sending.StartAsync();
        var started = Stopwatch.GetTimestamp();
        await CommitAsync(sending.Services, events);
        await Arrivals.Current.All;
        var rate = events / Stopwatch.GetElapsedTime(started).TotalSeconds;
        await sending.StopAsync();
        await receiving.StopAsync();
        return rate;
    }

    private async Task CommitAsync(IServiceProvider services, int events)
    {
        await using var source = NpgsqlDataSource.Create(database);
        await using var scope = services.CreateAsyncScope();
        for (var number = 0; number < events; number += Batch)
        {
            await using var connection = await source.OpenConnectionAsync();
            await using var work = await scope.ServiceProvider.GetRequiredService<IUnitOfWorkFactory>().BeginAsync(connection);
            for (var each = number; each < number + Batch; each++)
            {
                await scope.ServiceProvider.GetRequiredService<IEventDispatcher>().DispatchAsync(new Measured(each, Measured.Kibibyte));
            }

            await work.CommitAsync();
        }
    }

    private static void Receive(CarillonBuilder carillon) => carillon
        .AddListeners()
        .Subscribe(Measured.Name, subscription =>
        {
            subscription.Key = Place.Key;
            subscription.Prefetch = 256;
            subscription.Concurrency = Handled;
            subscription.Inbox = TimeSpan.FromDays(1);
        });

    private IHost Build(string schema, Action<CarillonBuilder> more)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddCarillon(carillon =>
        {
            carillon
                .AddEvent<Measured>()
                .ConfigureQueue("carillon.publish", queue => queue.MaxConcurrency = window)
                .ConfigureWorker(worker => worker.BatchSize = window)
                .UsePostgres(options => (options.ConnectionString, options.Schema) = (database, schema))
                .UseRabbitMq(options =>
                {
                    options.Connection.Address = place.Address;
                    options.Exchange = place.Exchange;
                    options.QueueKind = place.Kind;
                    options.MaxUnconfirmed = window;
                });
            more(carillon);
        });
        return builder.Build();
    }
}
