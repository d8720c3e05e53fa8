using Carillon;
using Carillon.Transactions;
using Microsoft.Data.Sqlite;
using Orders.Events;
using Orders.Storage;

namespace Orders;

/// <summary>Takes orders. It knows nothing of what becomes of them.</summary>
internal sealed class OrderDesk(Shop shop, IUnitOfWorkFactory units, IEventDispatcher events)
{
    public async Task PlaceAsync(OrderPlaced order, CancellationToken cancellationToken)
    {
        await using var connection = shop.Open();
        await using var work = await units.BeginAsync(connection, cancellationToken);
        await ((SqliteTransaction)work.Transaction).ExecuteAsync(
            "INSERT INTO orders (id, sku, amount) VALUES ($id, $sku, $amount)",
            cancellationToken,
            ("$id", order.OrderId),
            ("$sku", order.Sku),
            ("$amount", order.Amount));
        await events.DispatchAsync(order, cancellationToken);
        await work.CommitAsync(cancellationToken);
    }
}
