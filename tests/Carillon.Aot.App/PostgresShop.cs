using System.Transactions;
using Carillon.Aot.Orders;
using Carillon.Deliveries;
using Carillon.Transactions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Carillon.Aot.App;

/// <summary>The same listeners with their deliveries in PostgreSQL: in a unit of work, in an ambient transaction, with a retry.</summary>
internal static class PostgresShop
{
    internal static async Task<int> RunAsync(string connectionString, string schema)
    {
        var fate = new Fate(Dies: false);
        var builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<Story>(_ => new Story());
        builder.Services.AddSingleton(fate);
        builder.Services.AddSingleton(new Arrivals());
        builder.Services.AddCarillon(carillon => carillon
            .AddCarillonAotOrdersListeners()
            .AddListeners()
            .UsePostgres(postgres =>
            {
                postgres.ConnectionString = connectionString;
                postgres.Schema = schema;
            })
            .ConfigureEnvelopes(envelopes => envelopes.Json.TypeInfoResolverChain.Insert(0, EventsJson.Default))
            .ConfigureRetries(retries => retries.FirstDelay = TimeSpan.FromMilliseconds(100)));
        using var host = builder.Build();
        await host.StartAsync();
        await using (var scope = host.Services.CreateAsyncScope())
        {
            await PlaceAsync(scope.ServiceProvider, connectionString);
            await fate.MailSent.Task;
            await HoldAsync(scope.ServiceProvider);
            await fate.HeldAgain.Task;
        }

        await host.StopAsync();
        var left = await host.Services.GetRequiredService<IDeliveries>().CountAsync();
        host.Services.GetRequiredService<Story>().Tell($"deliveries {left.Values.Sum()}");
        await RemoveAsync(connectionString, schema);
        return 0;
    }

    private static async Task PlaceAsync(IServiceProvider services, string connectionString)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var work = await services.GetRequiredService<IUnitOfWorkFactory>().BeginAsync(connection);
        await services.GetRequiredService<IEventDispatcher>().DispatchAsync(new OrderPlaced(1));
        await work.CommitAsync();
    }

    private static async Task HoldAsync(IServiceProvider services)
    {
        using var scope = new TransactionScope(TransactionScopeAsyncFlowOption.Enabled);
        await services.GetRequiredService<IEventDispatcher>().DispatchAsync(new OrderHeld(2, new EntityRef<Order>(2), new EntityRef<Customer>("C 2")));
        scope.Complete();
    }

    private static async Task RemoveAsync(string connectionString, string schema)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var drop = new NpgsqlCommand($"DROP SCHEMA {schema} CASCADE", connection);
        await drop.ExecuteNonQueryAsync();
    }
}
