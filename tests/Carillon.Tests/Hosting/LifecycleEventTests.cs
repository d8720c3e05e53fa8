using Carillon.Dispatch.Internal;
using Carillon.Events;
using Carillon.Listeners;
using Carillon.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Carillon.Tests.Hosting;

public sealed class LifecycleEventTests
{
    private readonly SimulatedTime _time = new();
    private readonly List<string> _seen = [];

    [Fact] // A17, in the generic host
    public async Task Listeners_hear_once_that_the_host_has_started_and_once_that_it_stops()
    {
        await using var application = await Application.StartAsync(
            carillon => carillon
                .UseSimulatedTime(_time)
                .Listen<ApplicationBooted>(e => _seen.Add($"booted at {e.OccurredAt:HH:mm}"))
                .Listen<ApplicationStopping>(e => _seen.Add($"stopping at {e.OccurredAt:HH:mm}")),
            services => services.AddHostedService(_ => new Witness(_seen)));
        _seen.ShouldBe(["service started", "booted at 12:00"]);

        _time.Advance(TimeSpan.FromHours(1));
        await application.StopAsync();
        await application.StopAsync();

        _seen.ShouldBe(["service started", "booted at 12:00", "stopping at 13:00", "service stopped", "service stopped"]);
    }

    [Fact]
    public async Task A_listener_of_everything_hears_what_the_application_dispatches_and_not_what_the_host_does()
    {
        await using var application = await Application.StartAsync(carillon => carillon
            .Listen<object>(e => _seen.Add($"object {e.GetType().Name}"))
            .Listen<ILifecycleEvent>(e => _seen.Add($"lifecycle {e.GetType().Name}")));

        await application.Events.DispatchAsync(new NumberCounted(1), TestContext.Current.CancellationToken);
        await application.StopAsync();

        _seen.ShouldBe(["lifecycle ApplicationBooted", "object NumberCounted", "lifecycle ApplicationStopping"]);
    }

    [Fact] // The service is disposed with the scope, after the listener
    public async Task A_listener_gets_its_services_from_a_scope_that_ends_with_the_dispatch()
    {
        await using var application = await Application.StartAsync(
            carillon => carillon.AddListener<ScopedListener, ApplicationBooted>(),
            services => services.AddSingleton(_seen));

        _seen.ShouldBe(["heard", "disposed"]);
    }

    [Fact]
    public async Task A_listener_that_throws_fails_the_start()
    {
        var exception = await Should.ThrowAsync<FormatException>(() => Application.StartAsync(carillon => carillon
            .Listen<ApplicationBooted>(new Action<ApplicationBooted>(_ => throw new FormatException("not today")))));

        exception.Message.ShouldBe("not today");
    }

    [Fact] // A17: no cost while nobody listens
    public async Task While_nobody_listens_no_scope_is_opened_and_no_plan_is_made()
    {
        var dispatchers = 0;
        await using (await Application.StartAsync(Counted))
        {
        }

        dispatchers.ShouldBe(0);
        await using (await Application.StartAsync(carillon => Counted(carillon.Listen<ApplicationBooted>(_ => { }))))
        {
        }

        dispatchers.ShouldBe(1);

        void Counted(CarillonBuilder carillon) => carillon.Services.AddScoped(provider =>
        {
            dispatchers++;
            return new EventDispatcher(provider, provider.GetRequiredService<PlanTable>());
        });
    }

    [Fact]
    public async Task A_provider_of_ones_own_is_asked_under_the_names_of_the_events()
    {
        await using var application = await Application.StartAsync(
            carillon => carillon.AddProvider<NamesAsked>(),
            services => services.AddSingleton(_seen));

        await application.StopAsync();

        _seen.ShouldBe(["application.booted", "application.stopping"]);
    }

    private sealed class Witness(List<string> seen) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            seen.Add("service started");
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken)
        {
            seen.Add("service stopped");
            return Task.CompletedTask;
        }
    }

    private sealed class ScopedListener(List<string> seen) : IListener<ApplicationBooted>, IDisposable
    {
        public ValueTask HandleAsync(ApplicationBooted @event, CancellationToken cancellationToken)
        {
            seen.Add("heard");
            return ValueTask.CompletedTask;
        }

        public void Dispose() => seen.Add("disposed");
    }

    private sealed class NamesAsked(List<string> seen) : IListenerProvider
    {
        public event Action? Changed
        {
            add { }
            remove { }
        }

        public IEnumerable<Listener> GetListeners(EventType eventType)
        {
            seen.Add(eventType.Name);
            return [];
        }
    }
}
