using System.Data.Common;
using Carillon.Deliveries;
using Carillon.Killing.App.Database;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Killing.App.Work;

/// <summary>Dispatches outside of any unit of work: an order is promised once its dispatch has returned, and not before.</summary>
internal sealed class DirectEmitter(IServiceProvider services, ShopDatabase database, IDeliveries deliveries, Lines lines, TimeProvider time, string name)
    : Emitter(database, deliveries, lines, time)
{
    private protected override async ValueTask EmitAsync(DbConnection connection)
    {
        await using var scope = services.CreateAsyncScope();
        // A key of its own: without a transaction nothing keeps the order of several emitters.
        var key = $"direct, {name}";
        var number = await connection.TakeNumberAsync(transaction: null, key, CancellationToken.None);
        var order = new OrderPlaced($"{key}, {number}, {Guid.CreateVersion7():N}", key, number);
        await connection.AddOrderAsync(transaction: null, order, promised: false, CancellationToken.None);
        Lines.Begun("direct");
        await scope.ServiceProvider.GetRequiredService<IEventDispatcher>().DispatchAsync(order);
        await connection.PromiseAsync(order, CancellationToken.None);
        Lines.Say($"{Lines.SentWord}{order.Id}");
    }
}
