using Carillon.Deliveries;
using Carillon.Transports;

namespace Carillon.Postgres.Transports.Internal;

/// <summary>What the database answered, or that it did not, as a transport says it.</summary>
internal static class TransportFault
{
    // The words are the store's, and so are the names of the options in them, which are the same here.
    internal static TransportException Explain(DeliveryStoreException fault) =>
        new(fault.Message.Replace("PostgresOptions.", "PostgresTransportOptions.", StringComparison.Ordinal), fault.InnerException ?? fault);
}
