using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Carillon.Testing.Tests;

public sealed class EventRecorderTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_event_is_recorded_in_order_also_one_whose_listener_throws()
    {
        using var host = Build(carillon => carillon.Listen<string>(_ => throw new InvalidOperationException()));
        await using var scope = host.Services.CreateAsyncScope();
        var events = scope.ServiceProvider.GetRequiredService<IEventDispatcher>();
        var recorder = host.Services.GetRequiredService<EventRecorder>();

        await events.DispatchAsync(1, Cancellation);
        await Should.ThrowAsync<InvalidOperationException>(async () => await events.DispatchAsync("two", Cancellation));

        recorder.Events.ShouldBe([1, "two"]);
        recorder.Of<int>().ShouldBe([1]);
        recorder.Only<string>().ShouldBe("two");
    }

    [Fact]
    public async Task A_missing_event_is_reported_with_what_was_seen()
    {
        using var host = Build(_ => { });
        await using var scope = host.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<IEventDispatcher>().DispatchAsync("seen", Cancellation);

        var error = Should.Throw<InvalidOperationException>(() => host.Services.GetRequiredService<EventRecorder>().Only<int>());

        error.Message.ShouldContain("0 were dispatched");
        error.Message.ShouldContain("Seen: seen");
    }

    private static IHost Build(Action<CarillonBuilder> configure)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddCarillon(configure);
        builder.Services.AddCarillon(carillon => carillon.RecordEvents());
        return builder.Build();
    }
}
