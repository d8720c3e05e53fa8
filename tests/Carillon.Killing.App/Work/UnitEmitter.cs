using System.Data.Common;
using Carillon.Deliveries;
using Carillon.Killing.App.Database;
using Carillon.Transactions;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Killing.App.Work;

/// <summary>Places a few orders in each unit of work; some of those are rolled back.</summary>
internal sealed class UnitEmitter(IServiceProvider services, ShopDatabase database, IDeliveries deliveries, Lines lines, TimeProvider time, Random random)
    : Emitter(database, deliveries, lines, time)
{
    private const int Keys = 12;
    private const int MostOrders = 3;
    private const int RolledBackOneIn = 5;

    private protected override async ValueTask EmitAsync(DbConnection connection)
    {
        await using var scope = services.CreateAsyncScope();
        var events = scope.ServiceProvider.GetRequiredService<IEventDispatcher>();
        Lines.Begun("unit");
        await using var work = await scope.ServiceProvider.GetRequiredService<IUnitOfWorkFactory>().BeginAsync(connection);
        // One key for each: two units of work that wait for two keys crosswise would be the application's fault.
        var (key, ids) = ($"key {random.Next(Keys)}", new List<string>());
        for (var count = random.Next(MostOrders); count >= 0; count--)
        {
            var number = await connection.TakeNumberAsync(work.Transaction, key, CancellationToken.None);
            var order = new OrderPlaced($"{key}, {number}, {Guid.CreateVersion7():N}", key, number);
            await connection.AddOrderAsync(work.Transaction, order, promised: true, CancellationToken.None);
            await events.DispatchAsync(order);
            ids.Add(order.Id);
        }

        switch (random.Next(RolledBackOneIn * 2))
        {
            case 0:
                await work.RollbackAsync();
                break;
            case 1:
                // Forgotten, and rolled back by its end.
                break;
            default:
                await CommitAsync(work, string.Join(';', ids));
                break;
        }
    }

    private async ValueTask CommitAsync(UnitOfWork work, string ids)
    {
        Lines.Begun("commit");
        try
        {
            await work.CommitAsync();
        }
        catch (Exception exception) when (exception is DbException or DeliveryStoreException)
        {
            Lines.Say($"{Lines.UnknownWord}{ids}");
            throw;
        }

        Lines.Say($"{Lines.CommittedWord}{ids}");
    }
}
