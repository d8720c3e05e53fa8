using Microsoft.Extensions.Logging;

namespace Carillon.RabbitMq.Transports.Internal;

/// <summary>What receivers and dead letters share with the transport.</summary>
internal sealed record TransportParts(
    RabbitMqOptions Options, BrokerLink Link, ConfirmingPublisher Publisher, RabbitInstruments Instruments, TimeProvider Time, ILogger Logger)
{
    internal BrokerAddress Address => Link.Address;
}
