using System.Text.Json;
using Carillon.Deliveries;
using Carillon.Testing;
using Carillon.Tests.Deliveries;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Tests.Envelopes;

public sealed class EntityRefTests : DeliveriesByHand
{
    private static readonly Guid SomeId = new("0197f3a8-1111-7222-8333-444455556666");

    [Fact] // B14
    public async Task A_durable_listener_loads_the_entity_as_it_is_when_it_runs()
    {
        var boats = new Boats { [7] = new Boat("Anna") };
        var seen = new List<string>();
        await using var application = await Application.StartAsync(
            carillon => carillon
                .UseStore(_ => Store).UseSimulatedTime(Time).RunDeliveriesByHand()
                .Listen<BoatMoored>(async (e, cancellation) => seen.Add((await e.Boat.LoadAsync(boats, cancellation)).Name), Durable("name")),
            services => services.AddSingleton<IEntityLoader<Boat>>(boats));

        await application.Events.DispatchAsync(new BoatMoored(new EntityRef<Boat>(7)), Cancellation);
        boats[7] = new Boat("Berta");
        await application.Services.DrainDeliveriesAsync(cancellationToken: Cancellation);

        seen.ShouldBe(["Berta"]);
        (await new EntityRef<Boat>(7).LoadAsync(application.Services, Cancellation)).Name.ShouldBe("Berta");
        (await new EntityRef<Boat>(7).FindAsync(application.Services, Cancellation)).ShouldNotBeNull().Name.ShouldBe("Berta");
    }

    [Fact] // B14
    public async Task An_entity_that_is_gone_is_an_error_with_its_id_or_null()
    {
        var boats = new Boats();
        var gone = new EntityRef<Boat>(8);

        var error = await Should.ThrowAsync<EntityNotFoundException>(async () => await gone.LoadAsync(boats, Cancellation));

        error.Message.ShouldContain("no Boat with the id '8'");
        error.EntityType.ShouldBe(typeof(Boat));
        error.Id.ShouldBe("8");
        (await gone.FindAsync(boats, Cancellation)).ShouldBeNull();
    }

    [Fact]
    public async Task A_reference_to_nothing_asks_nobody()
    {
        var nothing = default(EntityRef<Boat>);

        (await nothing.FindAsync(new Boats(), Cancellation)).ShouldBeNull();
        (await Should.ThrowAsync<EntityNotFoundException>(async () => await nothing.LoadAsync(new Boats(), Cancellation))).Message.ShouldContain("IsEmpty");
        nothing.IsEmpty.ShouldBeTrue();
        nothing.ToString().ShouldBe("no Boat");
        Should.Throw<ArgumentException>(() => new EntityRef<Boat>(""));
    }

    [Fact]
    public async Task Without_a_loader_among_the_services_it_is_said_what_is_missing()
    {
        await using var application = await StartAsync(_ => { });

        var error = await Should.ThrowAsync<InvalidOperationException>(async () => await new EntityRef<Boat>(7).LoadAsync(application.Services, Cancellation));

        error.Message.ShouldContain("IEntityLoader<Boat>");
    }

    [Fact]
    public void It_is_written_as_the_id_and_read_from_it()
    {
        Check(new EntityRef<Boat>(7), "7");
        Check(new EntityRef<Boat>(long.MinValue), "-9223372036854775808");
        Check(new EntityRef<Boat>("HH 7"), "\"HH 7\"");
        Check(new EntityRef<Boat>("7"), "\"7\"");
        Check(new EntityRef<Boat>(SomeId), $"\"{SomeId}\"");
        Check(default, "null");

        static void Check(EntityRef<Boat> reference, string json)
        {
            JsonSerializer.Serialize(reference).ShouldBe(json);
            var read = JsonSerializer.Deserialize<EntityRef<Boat>>(json);
            read.ShouldBe(reference);
            JsonSerializer.Serialize(read).ShouldBe(json);
        }
    }

    [Fact]
    public void An_event_that_carried_the_id_and_one_that_carries_the_reference_are_read_alike()
    {
        JsonSerializer.Deserialize<BoatMoored>(JsonSerializer.Serialize(new { Boat = 7L })).ShouldBe(new BoatMoored(new EntityRef<Boat>(7)));
        JsonSerializer.Deserialize<BoatMoored>(JsonSerializer.Serialize(new { Boat = SomeId })).ShouldNotBeNull().Boat.ToGuid().ShouldBe(SomeId);
    }

    [Theory]
    [InlineData("\"\"")]
    [InlineData("1.5")]
    [InlineData("1e99")]
    [InlineData("true")]
    [InlineData("{\"id\":7}")]
    [InlineData("[7]")]
    public void What_is_no_id_is_refused(string json) =>
        Should.Throw<JsonException>(() => JsonSerializer.Deserialize<EntityRef<Boat>>(json)).Message.ShouldContain("A reference to a Boat is its id");

    [Fact]
    public void It_can_be_the_key_of_a_dictionary()
    {
        var counts = new Dictionary<EntityRef<Boat>, int> { [new EntityRef<Boat>(7)] = 1, [new EntityRef<Boat>("HH 7")] = 2 };

        var json = JsonSerializer.Serialize(counts);

        json.ShouldBe("""{"7":1,"HH 7":2}""");
        JsonSerializer.Deserialize<Dictionary<EntityRef<Boat>, int>>(json).ShouldBe(counts);
    }

    [Fact]
    public void The_key_is_had_in_the_type_that_it_has_and_in_no_other()
    {
        new EntityRef<Boat>(7).ToInt64().ShouldBe(7);
        new EntityRef<Boat>(SomeId).ToGuid().ShouldBe(SomeId);
        new EntityRef<Boat>("HH 7").Id.ShouldBe("HH 7");
        new EntityRef<Boat>(7).ToString().ShouldBe("Boat 7");
        Should.Throw<InvalidOperationException>(() => new EntityRef<Boat>("HH 7").ToInt64()).Message.ShouldContain("'HH 7'");
        Should.Throw<InvalidOperationException>(() => new EntityRef<Boat>("HH 7").ToGuid()).Message.ShouldContain("Guid");
        (new EntityRef<Boat>(7) == new EntityRef<Boat>(7)).ShouldBeTrue();
        (new EntityRef<Boat>(7) != new EntityRef<Boat>(8)).ShouldBeTrue();
        new EntityRef<Boat>(7).GetHashCode().ShouldBe(new EntityRef<Boat>(7).GetHashCode());
    }

    private sealed record BoatMoored(EntityRef<Boat> Boat);

    private sealed record Boat(string Name);

    private sealed class Boats : Dictionary<long, Boat>, IEntityLoader<Boat>
    {
        public ValueTask<Boat?> FindAsync(EntityRef<Boat> reference, CancellationToken cancellationToken) => new(this.GetValueOrDefault(reference.ToInt64()));
    }
}
