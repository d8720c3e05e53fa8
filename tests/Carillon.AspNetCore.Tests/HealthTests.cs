using System.Net;
using Carillon.Transports;
using Carillon.Transports.InMemory;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Carillon.AspNetCore.Tests;

public sealed class HealthTests
{
    private readonly BrokerThatGoes _broker = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_site_that_runs_is_live_and_ready()
    {
        await using var site = await StartAsync();

        (await site.Client.GetAsync("/health/live", Cancellation)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await site.Client.GetAsync("/health/ready", Cancellation)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task While_the_broker_is_away_it_is_live_and_not_ready_and_the_reason_is_in_the_log_only()
    {
        await using var site = await StartAsync();
        _broker.IsAway = true;

        (await site.Client.GetAsync("/health/live", Cancellation)).StatusCode.ShouldBe(HttpStatusCode.OK);
        var ready = await site.Client.GetAsync("/health/ready", Cancellation);

        ready.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await ready.Content.ReadAsStringAsync(Cancellation)).ShouldBe("Unhealthy");
        site.Log.Entries.ShouldContain(entry => entry.Message.Contains("No answer from broker at 'elsewhere': gone", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_broker_that_never_answers_is_given_up_after_the_time_out()
    {
        await using var site = await StartAsync(TimeSpan.FromMilliseconds(50));
        _broker.IsSilent = true;

        (await site.Client.GetAsync("/health/ready", Cancellation)).StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
    }

    [Fact]
    public async Task Checks_of_the_application_with_these_tags_are_asked_too()
    {
        await using var site = await StartAsync(more: checks => checks.AddCheck("own", () => HealthCheckResult.Unhealthy(), [CarillonHealthExtensions.LiveTag]));

        (await site.Client.GetAsync("/health/live", Cancellation)).StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await site.Client.GetAsync("/health/ready", Cancellation)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Checks_that_are_added_twice_are_there_once()
    {
        await using var site = await StartAsync(more: checks => checks.AddCarillon());

        (await site.Client.GetAsync("/health/ready", Cancellation)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    private Task<Site> StartAsync(TimeSpan? timeout = null, Action<IHealthChecksBuilder>? more = null) => Site.StartAsync(
        carillon => carillon.UseInMemory().UseTransport(_ => _broker),
        application => application.MapCarillonHealth(),
        services =>
        {
            var checks = services.AddHealthChecks().AddCarillon(timeout);
            more?.Invoke(checks);
        });

    private sealed class BrokerThatGoes : ITransport
    {
        private readonly InMemoryTransport _inner = new();

        internal bool IsAway { get; set; }

        internal bool IsSilent { get; set; }

        public string Name => _inner.Name;

        public string Description => "broker at 'elsewhere'";

        public TransportFeatures Features => _inner.Features;

        public ITransportDeadLetters DeadLetters => _inner.DeadLetters;

        public ValueTask PrepareAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

        public async ValueTask CheckAsync(CancellationToken cancellationToken)
        {
            if (IsSilent)
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            }

            if (IsAway)
            {
                throw new TransportException("gone");
            }
        }

        public ValueTask<PublishResult> PublishAsync(OutgoingEvent outgoing, CancellationToken cancellationToken) => _inner.PublishAsync(outgoing, cancellationToken);

        public ValueTask<ITransportSubscription> SubscribeAsync(
            TransportSubscription subscription, Func<IncomingEvent, CancellationToken, ValueTask<ReceiveOutcome>> handle, CancellationToken cancellationToken) =>
            _inner.SubscribeAsync(subscription, handle, cancellationToken);

        public ValueTask<bool> DeleteSubscriptionAsync(string key, CancellationToken cancellationToken) => _inner.DeleteSubscriptionAsync(key, cancellationToken);
    }
}
