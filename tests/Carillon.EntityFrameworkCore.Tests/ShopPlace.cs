using System.Collections.Concurrent;
using Carillon.Postgres;
using Carillon.Testing;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace Carillon.EntityFrameworkCore.Tests;

/// <summary>An application with two contexts and a store in one schema of the database of the tests.</summary>
internal sealed class ShopPlace : IAsyncDisposable
{
    private readonly PostgresPlace _place = new();
    private Application? _application;

    /// <summary>What listeners have told, in order.</summary>
    internal ConcurrentQueue<string> Told { get; } = new();

    internal Application Application => _application!;

    internal IServiceProvider Scope => Application.Scope;

    internal IEventDispatcher Events => Application.Events;

    internal Shop Shop => Scope.GetRequiredService<Shop>();

    internal Ledger Ledger => Scope.GetRequiredService<Ledger>();

    /// <summary>Unqualified names of tables are those of the schema of the test.</summary>
    internal string ConnectionString => PostgresPlace.ConnectionString + ";Search Path=" + _place.Schema;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>A durable listener of OrderPlaced and of the domain events is there always.</summary>
    internal async Task StartAsync(Action<CarillonBuilder>? configure = null, Action<IServiceCollection>? contexts = null, bool worker = false)
    {
        _application = await Application.StartAsync(
            carillon =>
            {
                carillon
                    .UsePostgres(ConnectionString)
                    .ConfigureWorker(options => options.Enabled = worker)
                    .UseEntityFrameworkCore<Shop>()
                    .UseEntityFrameworkCore<Ledger>()
                    .Listen<OrderPlaced>(e => Told.Enqueue("receipt " + e.Sku), Durable("receipt"))
                    .Listen<OrderWasPlaced>(e => Told.Enqueue("mail " + e.Sku), Durable("mail"));
                carillon.Services.Configure<PostgresOptions>(options => options.Schema = _place.Schema);
                configure?.Invoke(carillon);
            },
            services => (contexts ?? AddContexts)(services));
        await using var scope = _application.Services.CreateAsyncScope();
        await _place.ExecuteAsync("CREATE SCHEMA IF NOT EXISTS {schema}");
        await CreateTablesAsync(scope.ServiceProvider.GetRequiredService<Shop>());
        await CreateTablesAsync(scope.ServiceProvider.GetRequiredService<Ledger>());
    }

    internal void AddContexts(IServiceCollection services) => services
        .AddDbContext<Shop>(options => options.UseNpgsql(ConnectionString))
        .AddDbContext<Ledger>(options => options.UseNpgsql(ConnectionString));

    internal static Action<Listeners.ListenOptions> Durable(string id) => options => (options.Delivery, options.Id) = (Delivery.Durable, id);

    internal Task<long> CountAsync(string table) => ReadAsync<long>($"SELECT count(*) FROM {{schema}}.{table}");

    internal Task<T> ReadAsync<T>(string sql) => _place.ReadAsync<T>(sql).AsTask();

    internal ValueTask<int> ExecuteAsync(string sql) => _place.ExecuteAsync(sql);

    internal Task<long> Orders() => CountAsync("\"Orders\"");

    internal Task<long> Deliveries() => CountAsync("deliveries");

    internal Task DrainAsync() => Application.Services.DrainDeliveriesAsync(cancellationToken: Cancel);

    internal AsyncServiceScope NewScope() => Application.Services.CreateAsyncScope();

    internal IEnumerable<string> Warnings(int id) => Application.Log.Entries.Where(entry => entry.Id == id).Select(entry => entry.Message);

    public async ValueTask DisposeAsync()
    {
        if (_application is not null)
        {
            await _application.DisposeAsync();
        }

        await using (var connection = new NpgsqlConnection(ConnectionString))
        {
            NpgsqlConnection.ClearPool(connection);
        }

        await _place.DisposeAsync();
    }

    private static Task CreateTablesAsync(DbContext context) => context.GetService<IRelationalDatabaseCreator>().CreateTablesAsync(Cancel);
}
