using System.Text;
using Carillon.Deliveries;
using Carillon.Envelopes;
using Carillon.Testing;
using Carillon.Tests.Deliveries;

namespace Carillon.Tests.Envelopes;

public sealed class FormerNameTests : DeliveriesByHand
{
    [Fact] // B12
    public async Task What_was_stored_under_a_former_name_is_read_as_the_event()
    {
        var seen = new List<BoatHired>();
        await using var application = await StartAsync(carillon => carillon.Listen<BoatHired>(seen.Add, Durable("boat")));

        await StoreAsync("boat.rented");
        await StoreAsync("boat.lent");
        await application.Services.DrainDeliveriesAsync(cancellationToken: Cancellation);

        seen.ShouldBe([new BoatHired(1), new BoatHired(1)]);
    }

    [Fact]
    public async Task It_is_written_under_its_present_name_only()
    {
        await using var application = await StartAsync(carillon => carillon.Listen<BoatHired>(_ => { }, Durable("boat")));

        await application.Events.DispatchAsync(new BoatHired(1), Cancellation);

        (await ListAsync()).ShouldHaveSingleItem().EventName.ShouldBe("boat.hired");
    }

    [Fact] // Conformance 239
    public async Task What_was_parked_for_want_of_its_name_runs_once_the_name_is_said_to_be_a_former_one()
    {
        var seen = new List<BoatHired>();
        await using (var before = await StartAsync(carillon => carillon.Listen<NumberCounted>(_ => { }, Durable("boat"))))
        {
            await StoreAsync("boat.taken");
            await before.Services.DrainDeliveriesAsync(cancellationToken: Cancellation);
            (await ListAsync()).ShouldHaveSingleItem().State.ShouldBe(DeliveryState.Parked);
            await SweepAsync(before);
            (await ListAsync()).ShouldHaveSingleItem().State.ShouldBe(DeliveryState.Parked);
        }

        await using var after = await StartAsync(carillon => carillon
            .AddEvent<BoatHired>(e => e.FormerNames.Add("boat.taken"))
            .Listen<BoatHired>(seen.Add, Durable("boat")));
        await SweepAsync(after);
        await after.Services.DrainDeliveriesAsync(cancellationToken: Cancellation);

        seen.ShouldBe([new BoatHired(1)]);
    }

    [Fact]
    public async Task A_listener_is_told_the_present_name_and_the_envelope_keeps_the_one_that_was_stored()
    {
        var seen = new List<string>();
        await using var application = await StartAsync(carillon => carillon
            .Listen("boat.*", (NamedEvent e) => seen.Add(e.Name), Durable("boat"))
            .Listen<BoatHired>(
                (_, context, _) =>
                {
                    seen.Add(context.EventName);
                    seen.Add(context.Envelope!.EventName);
                    return ValueTask.CompletedTask;
                },
                Durable("context")));

        await StoreAsync("boat.rented");
        await StoreAsync("boat.rented", listener: "context");
        await application.Services.DrainDeliveriesAsync(cancellationToken: Cancellation);

        seen.ShouldBe(["boat.hired", "boat.hired", "boat.rented"]);
    }

    [Fact]
    public async Task A_former_name_that_another_event_has_stops_the_start()
    {
        var error = await Should.ThrowAsync<CarillonConfigurationException>(() => StartAsync(carillon => carillon
            .AddEvent<BoatHired>()
            .AddEvent<BoatLent>()
            .AddEvent<ShipHired>()));

        error.Problems.ShouldContain(problem => problem.Contains("'boat.lent', which is the name of") && problem.Contains(nameof(BoatLent)));
        error.Problems.ShouldContain(problem => problem.Contains("'boat.rented', which is a former name too of") && problem.Contains(nameof(ShipHired)));
        error.Problems.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_former_name_that_could_not_be_one_stops_the_start()
    {
        var error = await Should.ThrowAsync<CarillonConfigurationException>(() => StartAsync(carillon => carillon
            .AddEvent<NumberCounted>(e => e.FormerNames.Add("no name"))));

        error.Problems.ShouldHaveSingleItem().ShouldContain("'no name'");
    }

    private async Task StoreAsync(string name, string listener = "boat") =>
        await Store.AddAsync(
            [
                new NewDelivery
                {
                    Envelope = new Envelope
                    {
                        Id = Guid.CreateVersion7(Time.GetUtcNow()),
                        EventName = name,
                        Time = Time.GetUtcNow(),
                        CorrelationId = "test",
                        Payload = Encoding.UTF8.GetBytes("""{"number":1}"""),
                    },
                    ListenerId = listener,
                    DueAt = Time.GetUtcNow(),
                },
            ],
            Cancellation);

    [Event("boat.hired", FormerNames = ["boat.rented", "boat.lent"])]
    private sealed record BoatHired(int Number);

    private sealed record BoatLent(int Number);

    [Event("ship.hired", FormerNames = ["boat.rented"])]
    private sealed record ShipHired(int Number);
}
