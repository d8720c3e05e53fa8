using Carillon.Deliveries;
using Carillon.Deliveries.InMemory;
using Carillon.Deliveries.Internal;
using Carillon.EventSourcing.InMemory;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.EventSourcing.Internal;

/// <summary>Where the streams of the application live: where it says, or in the database of its deliveries, and in memory as long as there is none.</summary>
internal sealed class StreamSlot
{
    private readonly StoreSlot _deliveries;

    public StreamSlot(StoreSlot deliveries, IServiceProvider services)
    {
        _deliveries = deliveries;
        Database = services.GetService<IStreamDatabase>() ?? deliveries.Optional as IStreamDatabase ?? (deliveries.Optional is null or InMemoryDeliveryStore ? new InMemoryStreamDatabase() : null);
    }

    internal IStreamStore Streams => Required.Streams;

    internal IProjectionStore Projections => Required.Projections;

    /// <summary>What has a database under it, whose connections a read model is written on; null in memory.</summary>
    internal IDeliveryStore? Transactional => Required.Streams.JoinsTransactions ? _deliveries.Required : null;

    /// <summary>The store of deliveries, on whose connections is written in an ambient transaction.</summary>
    internal IDeliveryStore Deliveries => _deliveries.Required;

    internal IStreamDatabase? Database { get; }

    private IStreamDatabase Required => Database ?? throw new CarillonException(Missing());

    internal string Missing() =>
        $"UseEventStore() was said, but the {_deliveries.Required.Description} keeps no streams: it does not implement {nameof(IStreamDatabase)}. "
        + "Choose a store that does (UseSqlite, UsePostgres, UseInMemory), or name a database with UseEventStore(services => ...).";
}
