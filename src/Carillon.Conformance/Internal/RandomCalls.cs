using System.Collections.Frozen;
using System.Text;
using Carillon.Deliveries;

namespace Carillon.Conformance.Internal;

/// <summary>Chooses what is asked of the store next. The vocabulary is small, so that deliveries meet.</summary>
internal sealed class RandomCalls(Random random)
{
    private static readonly DeliveryKey[] Keys =
    [
        new("order 1") { IsOrdered = true },
        new("order 2") { IsOrdered = true },
        new("skips 1") { IsOrdered = true, SkipsFailed = true },
        new("one at once"),
        new("two at once") { Limit = 2 },
    ];

    internal static KnownNames AllNames { get; } = new(FrozenSet.Create("poll.created", "poll.closed"), FrozenSet.Create("Sitemap", "Notify"));

    internal static string QueueOf(string listenerId) => listenerId == "Sitemap" ? Queues.Default : "mail";

    internal bool Chance(double probability) => random.NextDouble() < probability;

    internal int Upto(int max) => random.Next(max + 1);

    internal T OneOf<T>(params ReadOnlySpan<T> values) => values[random.Next(values.Length)];

    /// <summary>Some of them, each at the most once.</summary>
    internal List<T> SomeOf<T>(IEnumerable<T> values, int max)
    {
        var shuffled = values.ToArray();
        random.Shuffle(shuffled);
        return [.. shuffled.Take(Upto(max))];
    }

    internal NewDelivery Delivery(DateTimeOffset now)
    {
        var listenerId = OneOf("Sitemap", "Notify");
        var key = Chance(0.6) ? OneOf<DeliveryKey>(Keys) : null;
        var unique = Chance(0.4) ? Unique(listenerId, now) : null;
        return TestDeliveries.New(
            OneOf("poll.created", "poll.closed"),
            listenerId,
            dueAt: now.AddSeconds(OneOf(0, 0, 0, -10, 5, 20, 60)),
            payload: Encoding.UTF8.GetBytes($$"""{"topic":"{{OneOf("tea", "Coffee", "milk")}} {{random.Next(1000)}}"}"""),
            lease: key is null && Chance(0.15) ? new DeliveryLease("the emitter", now.AddSeconds(30)) : null,
            queue: QueueOf(listenerId),
            priority: OneOf(DeliveryPriority.Low, DeliveryPriority.Normal, DeliveryPriority.Normal, DeliveryPriority.High),
            key: key,
            unique: unique,
            time: now);
    }

    internal DeliveryOutcome Outcome() =>
        Chance(0.4) ? DeliveryOutcome.Completed : OneOf(Enum.GetValues<DeliveryOutcome>());

    internal KnownNames SomeNames() => new(SomeOf(AllNames.EventNames.Order(), 2).ToFrozenSet(), SomeOf(AllNames.ListenerIds.Order(), 2).ToFrozenSet());

    internal DeliveryQuery Query(DateTimeOffset now) => new()
    {
        OldestFirst = Chance(0.5),
        PageSize = 1_000,
        State = Chance(0.5) ? OneOf(Enum.GetValues<DeliveryState>()) : null,
        Queue = Chance(0.3) ? OneOf(Queues.Default, "mail") : null,
        ListenerId = Chance(0.2) ? OneOf("Sitemap", "Notify") : null,
        EventName = Chance(0.2) ? OneOf("poll.created", "poll.closed") : null,
        Key = Chance(0.2) ? OneOf<DeliveryKey>(Keys).Value : null,
        CreatedFrom = Chance(0.2) ? now.AddSeconds(-Upto(200)) : null,
        CreatedBefore = Chance(0.2) ? now.AddSeconds(-Upto(200)) : null,
    };

    private DeliveryUniqueness Unique(string listenerId, DateTimeOffset now) => OneOf(0, 1, 2, 3) switch
    {
        0 => new($"{listenerId}:started", UniqueUntil.Started),
        1 => new($"{listenerId}:done", UniqueUntil.Done),
        2 => new($"{listenerId}:period", UniqueUntil.Done) { EndsAt = now.AddSeconds(OneOf(10, 90)) },
        _ => new($"{listenerId}:replaced", UniqueUntil.Started) { Replaces = true, MaxWait = Chance(0.5) ? TimeSpan.FromSeconds(40) : null },
    };
}
