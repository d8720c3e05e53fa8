namespace Carillon.Transports.Internal;

/// <summary>The transport of the application, which one that keeps its events to itself need not have.</summary>
internal sealed class TransportSlot(ITransport? transport)
{
    internal ITransport? Optional => transport;

    internal ITransport Required => transport ?? throw new CarillonException(
        "There is no transport, so no event can leave or arrive. Choose one in AddCarillon: UseInMemoryTransport(new InMemoryTransport()) for development, or that of a package.");
}
