using Carillon.Listeners;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Tests.Listeners;

public sealed class EventMapTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_map_says_in_one_place_which_listeners_events_have()
    {
        await using var application = await Application.StartAsync(carillon => carillon.Map(map => map
            .On<SquareDrawn>()
            .Call<Measure>()
            .Call<Paint>(options => options.Priority = 1)
            .On<CircleDrawn>()
            .Call<Paint>()));

        (await application.Events.DispatchAsync(new SquareDrawn(), Cancellation)).Seen.ShouldBe(["paint", "measure"]);
        (await application.Events.DispatchAsync(new CircleDrawn(), Cancellation)).Seen.ShouldBe(["paint"]);
    }

    [Fact] // A9: IListener is contravariant, so that a listener of the base class stands for one of the event
    public async Task One_class_in_several_places_of_the_map_has_an_id_in_each()
    {
        await using var application = await Application.StartAsync(carillon => carillon.Map(map => map
            .On<SquareDrawn>().Call<Paint>()
            .On<CircleDrawn>().Call<Paint>()));
        var directory = application.Services.GetRequiredService<IListenerDirectory>();

        directory.GetListeners(typeof(SquareDrawn)).ShouldHaveSingleItem().Id.ShouldBe("Paint");
        directory.GetListeners(typeof(CircleDrawn)).ShouldHaveSingleItem().Id.ShouldBe("Paint(CircleDrawn)");
    }

    [Fact] // Conformance 34, 121
    public async Task A_listener_that_is_mapped_and_added_runs_once()
    {
        await using var application = await Application.StartAsync(carillon => carillon
            .AddListener<Measure, SquareDrawn>()
            .Map(map => map.On<SquareDrawn>().Call<Measure>()));

        (await application.Events.DispatchAsync(new SquareDrawn(), Cancellation)).Seen.ShouldBe(["measure"]);
    }

    [Fact] // Conformance 117
    public async Task A_class_that_knows_nothing_of_listeners_is_called_by_the_method_that_the_map_names()
    {
        await using var application = await Application.StartAsync(carillon => carillon.Map(map => map
            .On<SquareDrawn>()
            .Call<Gallery>((gallery, e) => gallery.Hang(e))
            .Call<Gallery>((gallery, e) => gallery.InsureAsync(e), options => options.Priority = 1)
            .Call<Gallery>((gallery, e, token) => gallery.AnnounceAsync(e, token), options => options.Priority = 2)));

        (await application.Events.DispatchAsync(new SquareDrawn(), Cancellation)).Seen.ShouldBe(["announced", "insured", "hung"]);
    }

    [Fact] // Conformance 118
    public async Task A_mapped_class_that_lacks_a_service_stops_the_start()
    {
        var error = await Should.ThrowAsync<CarillonConfigurationException>(() => Application.StartAsync(carillon => carillon.Map(map => map
            .On<SquareDrawn>()
            .Call<Needy>((needy, _) => needy.ToString()))));

        error.Message.ShouldContain("Needy.SquareDrawn");
        error.Message.ShouldContain(nameof(IFormatProvider));
    }

    private sealed class Measure : IListener<SquareDrawn>
    {
        public ValueTask HandleAsync(SquareDrawn @event, CancellationToken cancellationToken)
        {
            @event.Seen.Add("measure");
            return ValueTask.CompletedTask;
        }
    }

    private sealed class Paint : IListener<ShapeDrawn>
    {
        public ValueTask HandleAsync(ShapeDrawn @event, CancellationToken cancellationToken)
        {
            @event.Seen.Add("paint");
            return ValueTask.CompletedTask;
        }
    }

    private sealed class Gallery
    {
        private readonly string _state = "hung";

        public void Hang(SquareDrawn e) => e.Seen.Add(_state);

        public async Task InsureAsync(SquareDrawn e)
        {
            await Task.Yield();
            e.Seen.Add("insured");
            _state.ShouldNotBeNull();
        }

        public async ValueTask AnnounceAsync(SquareDrawn e, CancellationToken token)
        {
            await Task.Yield();
            token.ThrowIfCancellationRequested();
            e.Seen.Add("announced");
            _state.ShouldNotBeNull();
        }
    }

    private sealed class Needy(IFormatProvider format)
    {
        public override string? ToString() => format.ToString();
    }
}
