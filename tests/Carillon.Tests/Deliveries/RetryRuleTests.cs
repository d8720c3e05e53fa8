using Carillon.Deliveries;
using Carillon.Retries;
using Carillon.Testing;

namespace Carillon.Tests.Deliveries;

public sealed class RetryRuleTests : DeliveriesByHand
{
    [Fact]
    public async Task Failures_of_one_kind_are_not_tried_again()
    {
        await using var application = await StartFailingAsync(
            () => new ArgumentNullException("sku"), retries => retries.For<ArgumentException>(RetryRule.Never));

        await AttemptAsync(application);

        (await ListAsync()).ShouldHaveSingleItem().State.ShouldBe(DeliveryState.Failed);
    }

    [Fact]
    public async Task The_rule_of_the_nearest_base_type_counts()
    {
        await using var application = await StartFailingAsync(
            () => new ArgumentNullException("sku"),
            retries => retries.For<Exception>(RetryRule.Never).For<ArgumentException>(new RetryRule { FirstDelay = TimeSpan.FromHours(1) }).For<IOException>(RetryRule.Never));

        await AttemptAsync(application);

        (await ListAsync()).ShouldHaveSingleItem().DueAt.ShouldBe(Time.GetUtcNow().AddHours(1));
    }

    [Fact]
    public async Task What_a_blocking_wait_has_wrapped_is_meant()
    {
        await using var application = await StartFailingAsync(
            () => new AggregateException(new ArgumentException("sku")), retries => retries.For<ArgumentException>(RetryRule.Never));

        await AttemptAsync(application);

        (await ListAsync()).ShouldHaveSingleItem().State.ShouldBe(DeliveryState.Failed);
    }

    [Fact]
    public async Task What_configuration_says_of_a_listener_wins_over_its_code()
    {
        await using var application = await StartFailingAsync(
            () => new InvalidOperationException(),
            retries => retries.ForListener("failing", new RetryRule { MaxAttempts = 1 }));

        await AttemptAsync(application);

        var failed = (await ListAsync()).ShouldHaveSingleItem();
        (failed.State, failed.Attempts).ShouldBe((DeliveryState.Failed, 1));
    }

    [Fact]
    public async Task What_is_said_of_a_failure_wins_over_what_is_said_of_the_listener_and_takes_the_rest_from_it()
    {
        await using var application = await StartFailingAsync(
            () => new IOException(),
            retries => retries
                .ForListener("failing", new RetryRule { MaxAttempts = 1, FirstDelay = TimeSpan.FromMinutes(3) })
                .For<IOException>(new RetryRule { MaxAttempts = 2 }));

        await AttemptAsync(application);

        var again = (await ListAsync()).ShouldHaveSingleItem();
        (again.State, again.DueAt).ShouldBe((DeliveryState.Scheduled, Time.GetUtcNow().AddMinutes(3)));
    }

    [Fact]
    public async Task A_first_delay_may_be_longer_than_the_longest_of_the_others()
    {
        await using var application = await StartFailingAsync(
            () => new IOException(), retries => retries.For<IOException>(new RetryRule { FirstDelay = TimeSpan.FromDays(1) }));

        await AttemptAsync(application);

        (await ListAsync()).ShouldHaveSingleItem().DueAt.ShouldBe(Time.GetUtcNow().AddDays(1));
    }

    [Fact]
    public async Task A_rule_for_a_listener_that_nobody_has_stops_the_start_with_the_nearest_id()
    {
        var error = await Should.ThrowAsync<CarillonConfigurationException>(() =>
            StartFailingAsync(() => new IOException(), retries => retries.ForListener("fialing", RetryRule.Never)));

        error.Problems.ShouldHaveSingleItem().ShouldBe("RetryOptions.ForListener names 'fialing', but no durable listener has this id. Did you mean 'failing'?");
    }

    [Theory]
    [InlineData(0, 1, 0.1)]
    [InlineData(1001, 1, 0.1)]
    [InlineData(1, -1, 0.1)]
    [InlineData(1, 1, 1.1)]
    public async Task A_rule_that_cannot_be_stops_the_start(int maxAttempts, int firstDelay, double jitter)
    {
        var rule = new RetryRule { MaxAttempts = maxAttempts, FirstDelay = TimeSpan.FromSeconds(firstDelay), Jitter = jitter };

        (await Should.ThrowAsync<Microsoft.Extensions.Options.OptionsValidationException>(() =>
            StartFailingAsync(() => new IOException(), retries => retries.For<IOException>(rule)))).Message.ShouldContain("the RetryRule of System.IO.IOException");
    }

    private Task<Application> StartFailingAsync(Func<Exception> failure, Action<RetryOptions> configure) =>
        StartAsync(carillon => carillon.ConfigureRetries(configure).Listen<NumberCounted>(_ => throw failure(), Durable("failing", maxAttempts: 7)));

    private static async Task AttemptAsync(Application application)
    {
        await application.Events.DispatchAsync(new NumberCounted(7), Cancellation);
        (await application.Services.DrainDeliveriesAsync(cancellationToken: Cancellation)).ShouldBe(1);
    }
}
