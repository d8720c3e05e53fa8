using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace Carillon.Sqlite.Tests.Transactions;

[Event("order.shipped")]
internal sealed record OrderShipped(int Number);

[Event("order.announced")]
internal sealed record OrderAnnounced(int Number);

/// <summary>What a transactional listener has beside it: asked of the container by the listener, said by the test.</summary>
internal sealed class Shipment
{
    internal Func<OrderShipped, Task> During { get; set; } = _ => Task.CompletedTask;
}

internal static class ShipmentListeners
{
    [OnEvent(Delivery.Durable, Id = "ship", Transactional = true)]
    internal static async Task Ship(
        OrderShipped e, SqliteConnection connection, DbTransaction transaction, SqliteTransaction same, IEventDispatcher events, Shipment shipment, CancellationToken token)
    {
        if (same != transaction || same.Connection != connection)
        {
            throw new UnrecoverableListenerException("These are not one transaction.");
        }

        OrderDatabase.Insert(connection, transaction, e.Number);
        await events.DispatchAsync(new OrderAnnounced(e.Number), token);
        await shipment.During(e);
    }
}
