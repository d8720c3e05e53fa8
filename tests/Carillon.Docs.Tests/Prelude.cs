// What the pages take for granted: the reader's own types, and the namespaces of .NET. Those of Carillon each page says itself.
global using System;
global using System.Collections.Generic;
global using System.Linq;
global using System.Threading;
global using System.Threading.Tasks;
global using Microsoft.AspNetCore.Builder;
global using Microsoft.AspNetCore.Http;
global using Microsoft.Data.Sqlite;
global using Microsoft.Extensions.DependencyInjection;
global using Microsoft.Extensions.Hosting;
global using Microsoft.Extensions.Logging;
using Carillon;

[Event("order.placed")]
public sealed record OrderPlaced(string Sku);

public sealed class Statistics
{
    public int Orders { get; set; }
}

public interface IStock
{
    Task CheckAsync(string sku, CancellationToken ct);
}

public interface IMailer
{
    Task SendAsync(string sku, CancellationToken ct);
}

public interface IOrders
{
    Task SaveAsync(string sku, CancellationToken ct);
}

public interface ISitemap
{
    Task RebuildAsync(CancellationToken ct);
}

public sealed class SendReceipt : IListener<OrderPlaced>
{
    public ValueTask HandleAsync(OrderPlaced @event, CancellationToken cancellationToken) => ValueTask.CompletedTask;
}

[Event("order.cancelled")]
public sealed record OrderCancelled(string Sku);

public sealed class Warehouse
{
    public Task ReserveAsync(string sku) => Task.CompletedTask;

    public void Release(string sku)
    {
    }
}

public sealed class Order;

public sealed class Poll
{
    public Guid Id { get; init; }

    public Task InsertAsync(SqliteConnection connection, System.Data.Common.DbTransaction transaction, CancellationToken ct) => Task.CompletedTask;
}

[System.Text.Json.Serialization.JsonSerializable(typeof(OrderPlaced))]
public sealed class OrderJson() : System.Text.Json.Serialization.JsonSerializerContext(null)
{
    public static OrderJson Default { get; } = new();

    protected override System.Text.Json.JsonSerializerOptions? GeneratedSerializerOptions => null;

    public override System.Text.Json.Serialization.Metadata.JsonTypeInfo? GetTypeInfo(Type type) => null;
}
