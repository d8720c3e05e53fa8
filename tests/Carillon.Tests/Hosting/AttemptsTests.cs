using Carillon.Listeners;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Tests.Hosting;

public sealed class AttemptsTests
{
    [Theory]
    [InlineData(Delivery.Durable)]
    [InlineData(Delivery.Inline)]
    public async Task A_negative_number_of_attempts_stops_the_start(Delivery delivery)
    {
        var error = await Should.ThrowAsync<CarillonConfigurationException>(() => Application.StartAsync(carillon => carillon
            .UseInMemory()
            .Listen<SquareDrawn>(_ => { }, options => (options.Delivery, options.Id, options.MaxAttempts) = (delivery, "neg", -3))));

        error.Problems.ShouldContain("MaxAttempts of 'neg' is -3; say 1 or more, or 0 for the number in the retry options.");
    }

    [Theory]
    [InlineData(Delivery.Inline)]
    [InlineData(Delivery.Background)]
    public async Task A_number_of_attempts_of_a_listener_that_is_never_tried_again_stops_the_start(Delivery delivery)
    {
        var error = await Should.ThrowAsync<CarillonConfigurationException>(() => Application.StartAsync(carillon => carillon
            .Listen<SquareDrawn>(_ => { }, options => (options.Delivery, options.Id, options.MaxAttempts) = (delivery, "once", 3))));

        error.Problems.ShouldHaveSingleItem().ShouldStartWith("MaxAttempts of 'once' is 3, but it is not durable, so it is never tried again.");
    }

    [Fact]
    public async Task A_listener_that_comes_while_the_application_runs_has_no_number_of_attempts_either()
    {
        await using var application = await Application.StartAsync(_ => { });

        Should.Throw<CarillonException>(() => application.Services.GetRequiredService<IListenerRegistry>()
                .Add(new Listener("late", typeof(SquareDrawn), (object _, in ListenerCall _) => ValueTask.CompletedTask) { MaxAttempts = 2 }))
            .Message.ShouldStartWith("MaxAttempts of 'late' is 2");
    }
}
