using Carillon.Transports;
using Carillon.Transports.InMemory;

namespace Carillon.Tests.Hosting;

/// <summary>A transport that was there at the start, and is away now.</summary>
internal sealed class AwayTransport : ITransport
{
    private readonly InMemoryTransport _before = new();

    /// <summary>Whether it is away already at the start.</summary>
    internal bool CannotStart { get; init; }

    public string Name => _before.Name;

    public string Description => _before.Description;

    public TransportFeatures Features => _before.Features;

    public ITransportDeadLetters DeadLetters => _before.DeadLetters;

    public ValueTask PrepareAsync(CancellationToken cancellationToken) => CannotStart ? throw Away() : ValueTask.CompletedTask;

    public ValueTask CheckAsync(CancellationToken cancellationToken) => throw Away();

    public ValueTask<PublishResult> PublishAsync(OutgoingEvent outgoing, CancellationToken cancellationToken) => throw Away();

    public ValueTask<ITransportSubscription> SubscribeAsync(
        TransportSubscription subscription, Func<IncomingEvent, CancellationToken, ValueTask<ReceiveOutcome>> handle, CancellationToken cancellationToken) => throw Away();

    public ValueTask<bool> DeleteSubscriptionAsync(string key, CancellationToken cancellationToken) => throw Away();

    private static TransportException Away() => new("The broker is away.");
}
