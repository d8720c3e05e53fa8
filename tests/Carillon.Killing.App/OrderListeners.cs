using System.Data.Common;
using Carillon.Killing.App.Database;
using Carillon.Killing.App.Work;

namespace Carillon.Killing.App;

/// <summary>Each leaves a row for each time that it has run.</summary>
internal sealed class OrderListeners
{
    internal const string Plain = "plain";
    internal const string Transactional = "transactional";
    internal const string Ordered = "ordered";
    internal const string Booked = "booked";

    [OnEvent(Delivery.Durable, Id = Plain)]
    public Task RunPlain(OrderPlaced e, ShopDatabase database, Lines lines, CancellationToken ct) => RunAsync(e.Id, Plain, database, lines, ct);

    [OnEvent(Delivery.Durable, Id = Ordered, Queue = "feed", Ordered = true)]
    public Task RunOrdered(OrderPlaced e, ShopDatabase database, Lines lines, CancellationToken ct) => RunAsync(e.Id, Ordered, database, lines, ct);

    [OnEvent(Delivery.Durable, Id = Booked)]
    public Task RunBooked(OrderBooked e, ShopDatabase database, Lines lines, CancellationToken ct) => RunAsync(e.Id, Booked, database, lines, ct);

    [OnEvent(Delivery.Durable, Id = Transactional, Queue = "books", Transactional = true)]
    public async Task Book(OrderPlaced e, DbConnection connection, DbTransaction transaction, IEventDispatcher events, Lines lines, CancellationToken ct)
    {
        await connection.AddEffectAsync(transaction, e.Id, Transactional, ct);
        await events.DispatchAsync(new OrderBooked(e.Id), ct);
        lines.Ran(Transactional);
    }

    [OnEvent(Delivery.AfterRollback)]
    public void HearOfRollback(OrderPlaced e, Lines lines) => lines.Say(Lines.RolledBackWord + e.Id);

    private static async Task RunAsync(string id, string listener, ShopDatabase database, Lines lines, CancellationToken ct)
    {
        var connection = await database.OpenAsync(ct);
        await using (connection)
        {
            lines.Begun(listener);
            await connection.AddEffectAsync(transaction: null, id, listener, ct);
            lines.Ran(listener);
        }
    }
}
