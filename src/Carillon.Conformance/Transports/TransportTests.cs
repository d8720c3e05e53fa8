using System.Text;
using Carillon.Envelopes;
using Carillon.Transports;

namespace Carillon.Conformance.Transports;

/// <summary>What every transport has to do. Each suite that derives from it is about one part of the port.</summary>
/// <typeparam name="TTransports">The broker of a test.</typeparam>
public abstract class TransportTests<TTransports> : IAsyncLifetime
    where TTransports : TestTransports, new()
{
    // The contract of xunit.v3 for libraries that do not use its assertions: an exception whose message begins with this skips the test.
    private const string SkipToken = "$XunitDynamicSkip$";

    private readonly List<Receiving> _receiving = [];
    private readonly string _mark = Guid.CreateVersion7(TimeProvider.System.GetUtcNow()).ToString("N")[20..];

    /// <summary>Ends the test from outside.</summary>
    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>The broker.</summary>
    protected TTransports Transports { get; } = new();

    /// <summary>The transport, as the process of the test has it.</summary>
    protected ITransport Transport { get; private set; } = null!;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync() => Transport = await Transports.OpenAsync();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var receiving in _receiving)
        {
            using var now = new CancellationTokenSource(TimeSpan.Zero);
            await receiving.Subscription.StopAsync(now.Token);
        }

        await Transports.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Ends the test as skipped if the transport cannot do what it is about.</summary>
    protected void Needs(TransportFeatures features)
    {
        if ((features & ~Transport.Features) is not TransportFeatures.None and var missing)
        {
            throw new NotDeclaredException($"{SkipToken}{typeof(TTransports).Name} does not declare {missing}.");
        }
    }

    /// <summary>A name, a pattern or a key that is this test's own.</summary>
    protected string Own(string text) => $"t{_mark}.{text}";

    /// <summary>The process of the test ends, and another one opens the transport.</summary>
    protected async ValueTask RestartAsync()
    {
        await Transports.CloseAsync(Transport);
        Transport = await Transports.OpenAsync();
    }

    /// <summary>Publishes one event whose body is a text.</summary>
    protected ValueTask<PublishResult> PublishAsync(string name, string text = "{}", string? key = null, ITransport? transport = null) =>
        (transport ?? Transport).PublishAsync(Outgoing(name, text, key), Cancel);

    /// <summary>An event of this test whose body is a text.</summary>
    protected OutgoingEvent Outgoing(string name, string text = "{}", string? key = null, params EventHeader[] more)
    {
        var id = Guid.CreateVersion7();
        return new OutgoingEvent
        {
            EventName = Own(name),
            Id = id,
            Key = key,
            ContentType = "application/json",
            Headers = [new("cloudEvents:id", id.ToString()), new("cloudEvents:type", Own(name)), .. more],
            Body = Encoding.UTF8.GetBytes(text),
        };
    }

    /// <summary>Begins to receive. Without an answer everything is acknowledged.</summary>
    protected async ValueTask<Receiving> ReceiveAsync(
        string pattern,
        string? key = null,
        Func<ReceivedMessage, ValueTask<ReceiveOutcome>>? answer = null,
        int concurrency = 1,
        bool ordered = false,
        ITransport? transport = null)
    {
        var receiving = new Receiving(answer ?? (static _ => new(ReceiveOutcome.Acknowledged)));
        var wanted = new TransportSubscription
        {
            Patterns = [Own(pattern)],
            Key = key is null ? null : Own(key),
            Concurrency = concurrency,
            Prefetch = concurrency,
            Ordered = ordered,
        };
        receiving.Subscription = await (transport ?? Transport).SubscribeAsync(wanted, receiving.HandleAsync, Cancel);
        _receiving.Add(receiving);
        return receiving;
    }

    /// <summary>An answer that says no so often, and yes from then on.</summary>
    protected static Func<ReceivedMessage, ValueTask<ReceiveOutcome>> No(int times, ReceiveOutcome no)
    {
        var left = times;
        return _ => new(Interlocked.Decrement(ref left) >= 0 ? no : ReceiveOutcome.Acknowledged);
    }

    /// <summary>The dead letters of a subscription, once there are so many.</summary>
    protected async Task<IReadOnlyList<DeadLetter>> DeadLettersAsync(string key, int count)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        patience.CancelAfter(TimeSpan.FromSeconds(30));
        while (true)
        {
            var found = await Transport.DeadLetters.ListAsync(Own(key), 100, patience.Token);
            if (found.Count >= count)
            {
                return found;
            }

            // What was said of an event is carried out a moment after its receiver has returned.
            await Task.Yield();
        }
    }

    private sealed class NotDeclaredException(string message) : Exception(message);
}
