using Carillon.Deliveries;
using Carillon.Deliveries.InMemory;
using Carillon.Tests.Transactions;

namespace Carillon.Tests.Deliveries;

/// <summary>A store in which something happens after each page that is read.</summary>
internal sealed class MovingStore(InMemoryDeliveryStore store) : StoreAround(store)
{
    internal Func<int, ValueTask>? AfterPage { get; set; }

    internal int Pages { get; private set; }

    public override async ValueTask<IReadOnlyList<DeliverySnapshot>> ListAsync(DeliveryQuery query, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var page = await base.ListAsync(query, now, cancellationToken);
        if (AfterPage is { } act)
        {
            await act(++Pages);
        }

        return page;
    }
}
