using System.Text;
using Carillon.Deliveries;
using Carillon.Envelopes;
using Carillon.Testing;
using Carillon.Tests.Deliveries;

namespace Carillon.Tests.Envelopes;

/// <summary>Whoever can write to the database can write any bytes into it.</summary>
public sealed class HostilePayloadTests : DeliveriesByHand
{
    public static TheoryData<string, string> Payloads => new()
    {
        { """{"number":1""", "Expected" },
        { "", "does not contain any JSON tokens" },
        { """{"number":"not a number"}""", "$.number" },
        { """{"number":{"number":1}}""", "$.number" },
        { """{"number":1e99}""", "$.number" },
        { """{"number":1,"number":2}""", "uplicate property" },
        { """{"number":1,"Number":2}""", "uplicate property" },
        { """[1]""", "JSON value could not be converted" },
        { """7""", "JSON value could not be converted" },
        { "null", "JSON value null" },
        { """{"number":1} {"number":2}""", "after a single JSON value" },
        { "{\"number\":1,\"x\":" + new string('[', 64) + new string(']', 64) + "}", "maximum configured depth of 64" },
        { "{\"number\":1,\"x\":\"" + new string('x', 1000) + "\"}", "MaxPayloadBytes" },
        { "\u0000\u0001", "invalid start of a value" },
    };

    [Theory] // Conformance 141
    [MemberData(nameof(Payloads))]
    public async Task It_is_refused_with_a_reason_retried_kept_as_failed_and_its_neighbours_run(string payload, string reason)
    {
        foreach (var version in new[] { 2, 1 })
        {
            var seen = new List<int>();
            await using var application = await StartAsync(carillon => carillon
                .ConfigureEnvelopes(envelopes => envelopes.MaxPayloadBytes = 1000)
                .ConfigureRetries(retries => retries.FirstDelay = TimeSpan.Zero)
                .AddUpcaster<Counted>(1, json => json)
                .Listen<Counted>(e => seen.Add(e.Number), Durable("count", maxAttempts: 2)));

            await StoreAsync("""{"number":1}""", version);
            await StoreAsync(payload, version);
            await StoreAsync("""{"number":2}""", version);
            await application.Services.DrainDeliveriesAsync(cancellationToken: Cancellation);

            seen.ShouldBe([1, 2]);
            var failed = (await ListAsync()).ShouldHaveSingleItem();
            failed.State.ShouldBe(DeliveryState.Failed);
            failed.Attempts.ShouldBe(2);
            failed.Error.ShouldNotBeNull().ShouldContain("'number.recounted'");
            failed.Error.ShouldContain(typeof(EventSerializationException).FullName!);
            if (version == 2)
            {
                failed.Error.ShouldContain(reason);
            }

            await Store.DiscardAsync([failed.Id], Time.GetUtcNow(), Time.GetUtcNow(), Cancellation);
            await SweepAsync(application);
        }
    }

    [Fact]
    public async Task A_type_is_never_made_by_a_name_in_the_payload()
    {
        var seen = new List<Counted>();
        await using var application = await StartAsync(carillon => carillon
            .AddUpcaster<Counted>(1, json => json)
            .Listen<Counted>(seen.Add, Durable("count", maxAttempts: 1)));

        await StoreAsync("""{"$type":"System.Diagnostics.Process, System.Diagnostics.Process","number":1}""", version: 2);
        await application.Services.DrainDeliveriesAsync(cancellationToken: Cancellation);

        seen.ShouldBe([new Counted(1)]);
    }

    [Fact]
    public async Task What_the_constructor_of_an_event_throws_is_said_with_the_name_of_the_event()
    {
        await using var application = await StartAsync(carillon => carillon.Listen<NumberPicked>(_ => { }, Durable("count", maxAttempts: 1)));

        await StoreAsync("""{"number":-1}""", version: 1, name: "number.picked");
        await application.Services.DrainDeliveriesAsync(cancellationToken: Cancellation);

        (await ListAsync()).ShouldHaveSingleItem().Error.ShouldNotBeNull().ShouldContain("The stored event 'number.picked' cannot be read");
    }

    [Theory] // "floating point NaN (refused by default)"
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public async Task A_number_that_JSON_does_not_know_is_refused_at_dispatch_with_the_name_of_the_event(double value)
    {
        await using var application = await StartAsync(carillon => carillon.Listen<PressureMeasured>(_ => { }, Durable("measured")));

        var error = await Should.ThrowAsync<EventSerializationException>(async () => await application.Events.DispatchAsync(new PressureMeasured(value), Cancellation));

        error.Message.ShouldContain("'pressure.measured'");
        (await CountAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_graph_without_an_end_is_refused_at_dispatch_with_the_name_of_the_event()
    {
        await using var application = await StartAsync(carillon => carillon.Listen<ListLinked>(_ => { }, Durable("linked")));
        var linked = new ListLinked();
        linked.Next = linked;

        var error = await Should.ThrowAsync<EventSerializationException>(async () => await application.Events.DispatchAsync(linked, Cancellation));

        error.Message.ShouldContain("'list.linked'");
        error.Message.ShouldContain("cycle");
    }

    private async Task StoreAsync(string payload, int version, string name = "number.recounted") =>
        await Store.AddAsync(
            [
                new NewDelivery
                {
                    Envelope = new Envelope
                    {
                        Id = Guid.CreateVersion7(Time.GetUtcNow()),
                        EventName = name,
                        EventVersion = version,
                        Time = Time.GetUtcNow(),
                        CorrelationId = "test",
                        Payload = Encoding.UTF8.GetBytes(payload),
                    },
                    ListenerId = "count",
                    DueAt = Time.GetUtcNow(),
                },
            ],
            Cancellation);

    [Event("number.recounted", Version = 2)]
    private sealed record Counted(int Number);

    private sealed record PressureMeasured(double Value);

    private sealed class ListLinked
    {
        public ListLinked? Next { get; set; }
    }

    private sealed class NumberPicked
    {
        public NumberPicked(int number)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(number);
            Number = number;
        }

        public int Number { get; }
    }
}
