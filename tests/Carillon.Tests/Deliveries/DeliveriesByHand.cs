using Carillon.Deliveries;
using Carillon.Deliveries.InMemory;
using Carillon.Deliveries.Internal;
using Carillon.Envelopes;
using Carillon.Listeners;
using Carillon.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Tests.Deliveries;

/// <summary>An application whose deliveries run when the test says so, at the time that the test says it is.</summary>
public abstract class DeliveriesByHand
{
    private protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private protected SimulatedTime Time { get; } = new();

    private protected InMemoryDeliveryStore Store { get; } = new();

    private protected Task<Application> StartAsync(Action<CarillonBuilder> configure) =>
        Application.StartAsync(carillon => configure(carillon.UseStore(_ => Store).UseSimulatedTime(Time).RunDeliveriesByHand()));

    private protected static Action<ListenOptions> Durable(string id, int priority = 0, int maxAttempts = 0) => options =>
    {
        options.Delivery = Delivery.Durable;
        options.Id = id;
        options.Priority = priority;
        options.MaxAttempts = maxAttempts;
    };

    private protected NewDelivery Stored(string payload) => new()
    {
        Envelope = new Envelope
        {
            Id = Guid.CreateVersion7(Time.GetUtcNow()),
            EventName = "number.counted",
            Time = Time.GetUtcNow(),
            CorrelationId = "test",
            Payload = System.Text.Encoding.UTF8.GetBytes(payload),
        },
        ListenerId = "count",
        DueAt = Time.GetUtcNow(),
    };

    private protected static ValueTask SweepAsync(Application application) => application.Services.GetRequiredService<Sweeper>().SweepAsync(Cancellation);

    private protected ValueTask<IReadOnlyDictionary<DeliveryState, long>> CountAsync() => Store.CountAsync(Time.GetUtcNow(), Cancellation);

    private protected ValueTask<IReadOnlyList<DeliverySnapshot>> ListAsync() => Store.ListAsync(new DeliveryQuery(), Time.GetUtcNow(), Cancellation);
}
