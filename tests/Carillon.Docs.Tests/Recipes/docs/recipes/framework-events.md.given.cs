using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Caching.Hybrid;

public sealed class Journal
{
    public List<string> Lines { get; } = [];
}

public interface IMailer
{
    Task SendAsync(string address, string text, CancellationToken ct);
}

public interface IPaymentGateway
{
    ValueTask<string> ChargeAsync(Money amount, CancellationToken ct);
}

public interface IOrders
{
    Task SaveAsync(OrderId id, CancellationToken ct);

    Task ArchiveAsync(OrderId id, CancellationToken ct);
}

public interface IUsers
{
    Task SaveAsync(UserId id, string email, string name, CancellationToken ct);
}

/// <summary>Its table is in the database of the deliveries, and it writes in the transaction that it is given.</summary>
public sealed class Warehouse
{
    public Task ReserveAsync(OrderId order, DbTransaction transaction, CancellationToken ct) => NoteAsync(order, "reserved", transaction, ct);

    public Task ReleaseAsync(OrderId order, DbTransaction transaction, CancellationToken ct) => NoteAsync(order, "released", transaction, ct);

    public Task ShipAsync(OrderId order, DbTransaction transaction, CancellationToken ct) => NoteAsync(order, "shipped", transaction, ct);

    private static async Task NoteAsync(OrderId order, string what, DbTransaction transaction, CancellationToken ct)
    {
        await using var insert = ((SqliteConnection)transaction.Connection!).CreateCommand();
        insert.Transaction = (SqliteTransaction)transaction;
        insert.CommandText = "INSERT INTO warehouse (order_id, what) VALUES ($order, $what)";
        insert.Parameters.AddWithValue("$order", order.Value);
        insert.Parameters.AddWithValue("$what", what);
        await insert.ExecuteNonQueryAsync(ct);
    }
}

internal sealed class DatabaseFile : IDisposable
{
    private readonly string _path = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"carillon-{Guid.NewGuid():N}.db");

    public DatabaseFile()
    {
        using var connection = Open();
        using var create = connection.CreateCommand();
        create.CommandText =
            """
            CREATE TABLE orders (id TEXT, user_id TEXT);
            CREATE TABLE order_overview (order_id TEXT, user_id TEXT, total TEXT, status TEXT);
            CREATE TABLE orders_of_users (generation INTEGER, user_id TEXT, orders INTEGER, PRIMARY KEY (generation, user_id));
            CREATE TABLE warehouse (order_id TEXT, what TEXT);
            """;
        create.ExecuteNonQuery();
    }

    public string Connection => $"Data Source={_path};Pooling=false";

    public SqliteConnection Open()
    {
        var connection = new SqliteConnection(Connection);
        connection.Open();
        return connection;
    }

    public void Dispose()
    {
        foreach (var each in new[] { _path, $"{_path}-wal", $"{_path}-shm" })
        {
            System.IO.File.Delete(each);
        }
    }
}

internal sealed class Outside : IMailer, IPaymentGateway, IOrders, IUsers
{
    public bool MailIsDown { get; set; }

    public string? Refusal { get; set; }

    public bool IsSilent { get; set; }

    public int Charged { get; private set; }

    public int Archived { get; private set; }

    public List<string> Users { get; } = [];

    public List<string> Mails { get; } = [];

    public List<OrderId> Saved { get; } = [];

    public Task SendAsync(string address, string text, CancellationToken ct)
    {
        if (MailIsDown)
        {
            throw new TimeoutException();
        }

        Mails.Add($"{address}: {text}");
        return Task.CompletedTask;
    }

    public ValueTask<string> ChargeAsync(Money amount, CancellationToken ct)
    {
        if (IsSilent)
        {
            throw new TimeoutException();
        }

        if (Refusal is not null)
        {
            throw new PaymentException(Refusal);
        }

        Charged++;
        return new($"charged {amount.Amount}");
    }

    public Task SaveAsync(OrderId id, CancellationToken ct)
    {
        Saved.Add(id);
        return Task.CompletedTask;
    }

    public Task ArchiveAsync(OrderId id, CancellationToken ct)
    {
        Archived++;
        return Task.CompletedTask;
    }

    public Task SaveAsync(UserId id, string email, string name, CancellationToken ct)
    {
        Users.Add(name);
        return Task.CompletedTask;
    }
}

internal sealed class Cache : HybridCache
{
    public List<string> Removed { get; } = [];

    public override ValueTask RemoveByTagAsync(string tag, CancellationToken cancellationToken = default)
    {
        Removed.Add(tag);
        return default;
    }

    public override ValueTask<T> GetOrCreateAsync<TState, T>(
        string key, TState state, Func<TState, CancellationToken, ValueTask<T>> factory, HybridCacheEntryOptions? options = null, IEnumerable<string>? tags = null, CancellationToken cancellationToken = default) =>
        factory(state, cancellationToken);

    public override ValueTask RemoveAsync(string key, CancellationToken cancellationToken = default) => default;

    public override ValueTask SetAsync<T>(string key, T value, HybridCacheEntryOptions? options = null, IEnumerable<string>? tags = null, CancellationToken cancellationToken = default) => default;
}

internal sealed class Log : ILoggerProvider, ILogger
{
    public List<string> Lines { get; } = [];

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    void ILogger.Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Lines.Add(formatter(state, exception));

    public void Dispose()
    {
    }
}
