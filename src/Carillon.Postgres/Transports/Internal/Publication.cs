using Carillon.Postgres.Deliveries.Internal;
using Carillon.Transports;

namespace Carillon.Postgres.Transports.Internal;

/// <summary>An event that waits to be written.</summary>
internal sealed class Publication(OutgoingEvent outgoing) : WaitingCall<PublishResult>
{
    internal OutgoingEvent Event => outgoing;

    internal string Headers { get; } = HeaderText.Write(outgoing.Headers);
}
