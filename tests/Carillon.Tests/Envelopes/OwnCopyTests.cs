using Carillon.Deliveries.InMemory;
using Carillon.Testing;
using Carillon.Tests.Deliveries;

namespace Carillon.Tests.Envelopes;

public sealed class OwnCopyTests : DeliveriesByHand
{
    [Fact] // B15
    public async Task What_one_durable_listener_or_the_emitter_changes_reaches_no_other_listener()
    {
        var seen = new List<string>();
        await using var application = await StartAsync(carillon => carillon
            .Listen<ListPacked>(Change, Durable("one", priority: 3))
            .Listen<ListPacked>(Change, Durable("two", priority: 2))
            .Listen<ListPacked>(e => seen.Add(Say(e)), Durable("three", priority: 1)));
        var packed = Packed();

        await application.Events.DispatchAsync(packed, Cancellation);
        Change(packed);
        await application.Services.DrainDeliveriesAsync(cancellationToken: Cancellation);

        seen.ShouldBe(["1 a=1 box"]);
    }

    [Fact] // B15
    public async Task What_a_listener_has_changed_before_it_failed_is_not_there_at_its_next_attempt()
    {
        var seen = new List<string>();
        await using var application = await StartAsync(carillon => carillon
            .ConfigureRetries(retries => retries.FirstDelay = TimeSpan.Zero)
            .Listen<ListPacked>(
                e =>
                {
                    seen.Add(Say(e));
                    Change(e);
                    throw new InvalidOperationException("again");
                },
                Durable("failing", maxAttempts: 3)));

        await application.Events.DispatchAsync(Packed(), Cancellation);
        await application.Services.DrainDeliveriesAsync(cancellationToken: Cancellation);

        seen.ShouldBe(["1 a=1 box", "1 a=1 box", "1 a=1 box"]);
    }

    [Fact] // B15: handed over in memory, never read from the store
    public async Task The_copy_is_its_own_too_where_the_worker_of_the_process_takes_over_in_memory()
    {
        var both = new CountdownEvent(2);
        var seen = new List<(ListPacked Event, string Text)>();
        await using var application = await Application.StartAsync(carillon => carillon
            .UseStore(_ => new InMemoryDeliveryStore())
            .ConfigureWorker(worker => (worker.PollInterval, worker.MaxConcurrency) = (TimeSpan.FromHours(1), 1))
            .Listen<ListPacked>(Take, Durable("one"))
            .Listen<ListPacked>(Take, Durable("two")));
        var packed = Packed();

        await application.Events.DispatchAsync(packed, Cancellation);
        both.Wait(Cancellation);

        seen.Select(each => each.Text).ShouldBe(["1 a=1 box", "1 a=1 box"]);
        seen[0].Event.ShouldNotBeSameAs(packed);
        seen[0].Event.ShouldNotBeSameAs(seen[1].Event);
        seen[0].Event.Numbers.ShouldNotBeSameAs(seen[1].Event.Numbers);
        Say(packed).ShouldBe("1 a=1 box");

        void Take(ListPacked e)
        {
            lock (seen)
            {
                seen.Add((e, Say(e)));
            }

            Change(e);
            both.Signal();
        }
    }

    private static ListPacked Packed() => new([1], new Dictionary<string, int> { ["a"] = 1 }, new Label { Text = "box" });

    private static string Say(ListPacked e) => $"{string.Join(',', e.Numbers)} {string.Join(',', e.Counts.Select(each => $"{each.Key}={each.Value}"))} {e.Label.Text}";

    private static void Change(ListPacked e)
    {
        e.Numbers.Add(2);
        e.Counts["b"] = 2;
        e.Label.Text += " changed";
    }

    private sealed record ListPacked(List<int> Numbers, Dictionary<string, int> Counts, Label Label);

    private sealed class Label
    {
        public string Text { get; set; } = "";
    }
}
