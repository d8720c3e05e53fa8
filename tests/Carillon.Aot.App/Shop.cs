using Carillon.Aot.Orders;
using Carillon.Deliveries;
using Carillon.Listeners;
using Carillon.Transactions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Carillon.Aot.App;

/// <summary>A web application with an order table, the deliveries beside it.</summary>
internal sealed class Shop : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly SqliteConnection _connection;
    private readonly AsyncServiceScope _scope;
    private readonly Fate _fate;

    private Shop(WebApplication application, SqliteConnection connection, Fate fate)
    {
        _application = application;
        _connection = connection;
        _scope = application.Services.CreateAsyncScope();
        _fate = fate;
    }

    private Story Story => _application.Services.GetRequiredService<Story>();

    private IEventDispatcher Events => _scope.ServiceProvider.GetRequiredService<IEventDispatcher>();

    /// <summary>Inline, at run time, in a block, in a transaction that commits and in one that does not, with a retry; and then the process dies in a listener.</summary>
    internal static async Task RunUntilKilledAsync(string folder)
    {
        await using var shop = await StartAsync(folder, new Fate(Dies: true));
        var atRunTime = shop._application.Services.GetRequiredService<IListenerRegistry>()
            .Listen<OrderPlaced>(e => shop.Story.Tell($"run-time {e.Number}"));
        await shop.PlaceAsync(1, commit: true);
        await shop._fate.MailSent.Task;
        atRunTime.Dispose();
        await shop.PlaceAsync(2, commit: false);
        using (var block = shop.Events.Defer())
        {
            await shop.Events.DispatchAsync(new OrderShipped(3, TimeProvider.System.GetUtcNow()));
            shop.Story.Tell("waiting");
            await block.FlushAsync();
        }

        using var client = new HttpClient { BaseAddress = new Uri(shop._application.Urls.Single()) };
        shop.Story.Tell($"answer {await client.GetStringAsync("/hello")}");
        await shop.Events.DispatchAsync(new OrderHeld(4, new EntityRef<Order>(4), new EntityRef<Customer>("C 4")));
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System);
    }

    /// <summary>What the process that died has left is run; then everything ends in order.</summary>
    internal static async Task<int> RunAgainAsync(string folder)
    {
        await using var shop = await StartAsync(folder, new Fate(Dies: false));
        await shop._fate.HeldAgain.Task;
        await shop._application.StopAsync();
        var left = await shop._application.Services.GetRequiredService<IDeliveries>().CountAsync();
        shop.Story.Tell($"orders {shop.Execute("SELECT count(*) FROM orders", null)}, deliveries {left.Values.Sum()}");
        return 0;
    }

    public async ValueTask DisposeAsync()
    {
        await _scope.DisposeAsync();
        await _connection.DisposeAsync();
        await _application.DisposeAsync();
    }

    private static async Task<Shop> StartAsync(string folder, Fate fate)
    {
        var connectionString = $"Data Source={Path.Combine(folder, "shop.db")}";
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton<Story>(_ => new Story());
        builder.Services.AddSingleton(fate);
        builder.Services.AddSingleton(new Arrivals());
        builder.Services.AddCarillon(carillon => carillon
            .AddCarillonAotOrdersListeners()
            .AddListeners()
            .UseSqlite(connectionString)
            .ConfigureEnvelopes(envelopes => envelopes.Json.TypeInfoResolverChain.Insert(0, EventsJson.Default))
            .ConfigureRetries(retries => retries.FirstDelay = TimeSpan.FromMilliseconds(100))
            .ConfigureWorker(worker =>
            {
                worker.LeaseDuration = TimeSpan.FromSeconds(1);
                worker.PollInterval = TimeSpan.FromMilliseconds(100);
            }));
        var application = builder.Build();
        application.UseRequestEvents();
        application.Run(context => context.Response.WriteAsync("hello"));
        await application.StartAsync();
        var shop = new Shop(application, new SqliteConnection(connectionString), fate);
        await shop._connection.OpenAsync();
        shop.Execute("CREATE TABLE IF NOT EXISTS orders (number INTEGER NOT NULL)", null);
        return shop;
    }

    private async Task PlaceAsync(int number, bool commit)
    {
        await using var work = await _scope.ServiceProvider.GetRequiredService<IUnitOfWorkFactory>().BeginAsync(_connection);
        Execute("INSERT INTO orders (number) VALUES (1)", (SqliteTransaction)work.Transaction);
        await Events.DispatchAsync(new OrderPlaced(number));
        var order = new Order(number);
        order.Ship(TimeProvider.System);
        work.Track(order);
        if (commit)
        {
            await work.CommitAsync();
        }
    }

    private object? Execute(string sql, SqliteTransaction? transaction)
    {
        using var command = _connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = sql;
        return command.ExecuteScalar();
    }
}
