using System.Text;
using System.Text.Json.Nodes;
using Carillon.Deliveries;
using Carillon.Envelopes;
using Carillon.Testing;
using Carillon.Tests.Deliveries;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Tests.Envelopes;

public sealed class VersionTests : DeliveriesByHand
{
    private readonly List<TicketSold> _seen = [];

    [Fact] // B12
    public async Task A_stored_event_is_taken_through_every_version_to_the_present_one()
    {
        await using var application = await StartAsync(Release3);

        await StoreAsync("""{"seat":"A 7"}""", version: 1);
        await StoreAsync("""{"row":"B","seat":8}""", version: 2);
        await StoreAsync("""{"row":"C","number":9}""", version: 3);
        await application.Services.DrainDeliveriesAsync(cancellationToken: Cancellation);

        _seen.ShouldBe([new TicketSold("A", 7), new TicketSold("B", 8), new TicketSold("C", 9)], ignoreOrder: true);
        (await CountAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_is_dispatched_now_has_the_present_version_and_meets_no_upcaster()
    {
        await using var application = await StartAsync(carillon => Listening(carillon
            .AddUpcaster<TicketSold>(1, json => throw new InvalidOperationException("one"))
            .AddUpcaster<TicketSold>(2, json => throw new InvalidOperationException("two"))));

        await application.Events.DispatchAsync(new TicketSold("D", 10), Cancellation);
        (await Store.FindAsync(1, Time.GetUtcNow(), Cancellation)).ShouldNotBeNull().Envelope.EventVersion.ShouldBe(3);
        await application.Services.DrainDeliveriesAsync(cancellationToken: Cancellation);

        _seen.ShouldBe([new TicketSold("D", 10)]);
    }

    [Fact]
    public async Task An_upcaster_can_be_a_class_with_services_and_knows_when_the_event_happened()
    {
        DatedTicketSold? seen = null;
        await using var application = await Application.StartAsync(
            carillon => carillon
                .UseStore(_ => Store).UseSimulatedTime(Time).RunDeliveriesByHand()
                .AddUpcaster<DatedTicketSold, AddDate>(fromVersion: 1)
                .Listen<DatedTicketSold>(e => seen = e, Durable("date")),
            services => services.AddSingleton(new Place("Vienna")));

        await StoreAsync("""{"seat":1}""", version: 1, name: "ticket.dated", listener: "date");
        await application.Services.DrainDeliveriesAsync(cancellationToken: Cancellation);

        seen.ShouldBe(new DatedTicketSold(1, Time.GetUtcNow(), "Vienna"));
    }

    [Fact]
    public async Task An_upcaster_that_throws_fails_the_attempt_and_names_event_version_and_step()
    {
        await using var application = await StartAsync(carillon => Listening(carillon
            .AddUpcaster<TicketSold>(1, json => json)
            .AddUpcaster<TicketSold>(2, json => throw new InvalidOperationException("no number"))));

        await StoreAsync("""{"seat":"A 7"}""", version: 1);
        await StoreAsync("""{"row":"C","number":9}""", version: 3);
        await application.Services.DrainDeliveriesAsync(cancellationToken: Cancellation);

        var failed = (await ListAsync()).ShouldHaveSingleItem();
        failed.State.ShouldBe(DeliveryState.Scheduled);
        failed.Attempts.ShouldBe(1);
        failed.Error.ShouldNotBeNull().ShouldContain("AddUpcaster<TicketSold>(2)");
        failed.Error.ShouldContain("'ticket.sold'");
        failed.Error.ShouldContain("stored in version 1");
        failed.Error.ShouldContain("from version 2 to 3");
        failed.Error.ShouldContain("no number");
        _seen.ShouldBe([new TicketSold("C", 9)]);
    }

    [Fact]
    public async Task An_upcaster_that_returns_nothing_fails_the_attempt()
    {
        await using var application = await StartAsync(carillon => Listening(carillon
            .AddUpcaster<TicketSold>(1, json => json)
            .AddUpcaster<TicketSold>(2, json => (JsonObject)null!)));

        await StoreAsync("{}", version: 1);
        await application.Services.DrainDeliveriesAsync(cancellationToken: Cancellation);

        (await ListAsync()).ShouldHaveSingleItem().Error.ShouldNotBeNull().ShouldContain("returned null");
    }

    [Fact]
    public async Task Each_attempt_sees_the_event_as_it_was_stored()
    {
        var seen = new List<string>();
        var attempts = 0;
        await using var application = await StartAsync(carillon => carillon
            .ConfigureRetries(retries => retries.FirstDelay = TimeSpan.Zero)
            .AddUpcaster<TicketSold>(1, json =>
            {
                seen.Add(json.ToJsonString());
                json["changed"] = true;
            })
            .AddUpcaster<TicketSold>(2, json => new JsonObject { ["row"] = "A", ["number"] = 1 })
            .Listen<TicketSold>(_ => attempts += attempts < 2 ? throw new InvalidOperationException($"{++attempts}") : 1, Durable("sold")));

        await StoreAsync("""{"seat":"A 7"}""", version: 1);
        await application.Services.DrainDeliveriesAsync(cancellationToken: Cancellation);

        seen.ShouldBe(["""{"seat":"A 7"}""", """{"seat":"A 7"}""", """{"seat":"A 7"}"""]);
    }

    [Fact]
    public async Task A_version_before_the_first_is_none()
    {
        await using var application = await StartAsync(Release3);

        await StoreAsync("""{"seat":"A 7"}""", version: 0);
        await application.Services.DrainDeliveriesAsync(cancellationToken: Cancellation);

        (await ListAsync()).ShouldHaveSingleItem().Error.ShouldNotBeNull().ShouldContain("version 0");
    }

    [Fact] // Rolling deployments
    public async Task A_version_newer_than_the_code_is_parked_and_left_there_by_those_who_do_not_know_it_and_run_by_those_who_do()
    {
        var old = new List<OldTicketSold>();
        await using (var first = await StartAsync(carillon => carillon.Listen<OldTicketSold>(old.Add, Durable("sold"))))
        {
            await StoreAsync("""{"row":"C","number":9}""", version: 3);
            await StoreAsync("""{"seat":"A 7"}""", version: 1);
            await first.Services.DrainDeliveriesAsync(cancellationToken: Cancellation);

            old.ShouldBe([new OldTicketSold("A 7")]);
            var parked = (await ListAsync()).ShouldHaveSingleItem();
            parked.State.ShouldBe(DeliveryState.Parked);
            parked.Error.ShouldNotBeNull().ShouldContain("version 3");
            parked.Error.ShouldContain("version 1 is the newest");
            await SweepAsync(first);
            (await ListAsync()).ShouldHaveSingleItem().State.ShouldBe(DeliveryState.Parked);
        }

        await using var second = await StartAsync(Release3);
        await SweepAsync(second);
        await second.Services.DrainDeliveriesAsync(cancellationToken: Cancellation);

        _seen.ShouldBe([new TicketSold("C", 9)]);
        (await CountAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Only_the_event_of_which_a_newer_version_was_met_is_left_to_others()
    {
        var counted = new List<int>();
        await using (var before = await StartAsync(carillon => carillon.Listen<OldTicketSold>(_ => { }, Durable("sold"))))
        {
            await StoreAsync("""{"number":7}""", version: 1, name: "number.counted", listener: "count");
            await before.Services.DrainDeliveriesAsync(cancellationToken: Cancellation);
        }

        await using var application = await StartAsync(carillon => carillon
            .Listen<OldTicketSold>(_ => { }, Durable("sold"))
            .Listen<NumberCounted>(e => counted.Add(e.Number), Durable("count")));
        await StoreAsync("{}", version: 2);
        await application.Services.DrainDeliveriesAsync(cancellationToken: Cancellation);
        await SweepAsync(application);
        await application.Services.DrainDeliveriesAsync(cancellationToken: Cancellation);

        counted.ShouldBe([7]);
        (await ListAsync()).ShouldHaveSingleItem().EventName.ShouldBe("ticket.sold");
    }

    [Theory]
    [InlineData("from version 1 to 2, from version 2 to 3", new int[0])]
    [InlineData("from version 1 to 2", new[] { 2 })]
    [InlineData("from version 2 to 3", new[] { 1 })]
    public async Task A_version_that_nothing_leads_on_from_stops_the_start(string gap, int[] steps)
    {
        var error = await Should.ThrowAsync<CarillonConfigurationException>(() => StartAsync(carillon =>
        {
            Listening(carillon);
            foreach (var step in steps)
            {
                carillon.AddUpcaster<TicketSold>(step, json => json);
            }
        }));

        var problem = error.Problems.ShouldHaveSingleItem();
        problem.ShouldContain("'ticket.sold'");
        problem.ShouldContain(gap + ". ");
        problem.ShouldContain($"AddUpcaster<TicketSold>(fromVersion: {gap[13]}");
    }

    [Fact]
    public async Task Without_a_durable_listener_no_version_needs_a_way()
    {
        await using var application = await StartAsync(carillon => carillon.Listen<TicketSold>(_seen.Add).Listen<NumberCounted>(_ => { }, Durable("count")));

        await application.Events.DispatchAsync(new TicketSold("A", 1), Cancellation);

        _seen.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Two_upcasters_for_one_step_stop_the_start_and_are_named()
    {
        var error = await Should.ThrowAsync<CarillonConfigurationException>(() => StartAsync(carillon => Release3(carillon
            .AddUpcaster<TicketSold, Same>(2))));

        error.Problems.ShouldHaveSingleItem().ShouldContain($"from version 2 to 3: '{typeof(Same)}' and AddUpcaster<TicketSold>(2)");
    }

    [Theory]
    [InlineData(0, "counted from 1")]
    [InlineData(3, "[Event(Version = 4)]")]
    public async Task A_step_that_is_none_stops_the_start(int fromVersion, string advice)
    {
        var error = await Should.ThrowAsync<CarillonConfigurationException>(() => StartAsync(carillon => Release3(carillon
            .AddUpcaster<TicketSold>(fromVersion, json => json))));

        error.Problems.ShouldHaveSingleItem().ShouldContain(advice);
    }

    [Fact]
    public async Task An_upcaster_of_what_no_event_is_exactly_stops_the_start()
    {
        var error = await Should.ThrowAsync<CarillonConfigurationException>(() => StartAsync(carillon => Release3(carillon
            .AddUpcaster<ShapeDrawn>(1, json => json))));

        error.Problems.ShouldHaveSingleItem().ShouldContain("of exactly this type");
    }

    [Fact]
    public async Task An_upcaster_whose_dependency_is_missing_stops_the_start()
    {
        var error = await Should.ThrowAsync<CarillonConfigurationException>(() => StartAsync(carillon => carillon
            .AddUpcaster<DatedTicketSold, AddDate>(1)
            .Listen<DatedTicketSold>(_ => { }, Durable("date"))));

        error.Problems.ShouldHaveSingleItem().ShouldContain(nameof(Place));
    }

    private void Release3(CarillonBuilder carillon) => Listening(carillon
        .AddUpcaster<TicketSold>(fromVersion: 1, json =>
        {
            var parts = json["Seat"]!.GetValue<string>().Split(' ');
            json["row"] = parts[0];
            json["seat"] = int.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture);
        })
        .AddUpcaster<TicketSold>(fromVersion: 2, json => new JsonObject { ["row"] = json["row"]!.DeepClone(), ["number"] = json["seat"]!.DeepClone() }));

    private void Listening(CarillonBuilder carillon) => carillon.Listen<TicketSold>(_seen.Add, Durable("sold"));

    private async Task StoreAsync(string payload, int version, string name = "ticket.sold", string listener = "sold") =>
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
                    ListenerId = listener,
                    DueAt = Time.GetUtcNow(),
                },
            ],
            Cancellation);

    [Event("ticket.sold", Version = 3)]
    private sealed record TicketSold(string Row, int Number);

    [Event("ticket.sold")]
    private sealed record OldTicketSold(string Seat);

    [Event("ticket.dated", Version = 2)]
    private sealed record DatedTicketSold(int Seat, DateTimeOffset SoldAt, string Place);

    private sealed record Place(string Name);

    private sealed class AddDate(Place place) : IEventUpcaster
    {
        public JsonObject Upcast(JsonObject json, Envelope envelope)
        {
            json["soldAt"] = envelope.Time;
            json["place"] = place.Name;
            return json;
        }
    }

    private sealed class Same : IEventUpcaster
    {
        public JsonObject Upcast(JsonObject json, Envelope envelope) => json;
    }
}
