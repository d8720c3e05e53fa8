namespace Carillon.Transports.Internal;

/// <summary>An event that a receiver has in hand. What it is to the server, the transport adds.</summary>
internal abstract class HeldEvent(IncomingEvent incoming)
{
    internal IncomingEvent Incoming => incoming;
}
