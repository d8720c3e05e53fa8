using Carillon.Retries;

namespace Carillon.Tests.Retries;

public sealed class BackOffTests
{
    [Theory] // Conformance 275
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(3, 4)]
    [InlineData(10, 512)]
    [InlineData(11, 600)]
    [InlineData(1000, 600)]
    public void Delays_double_up_to_the_longest(int attempt, double seconds) =>
        new BackOff(new RetryOptions { Jitter = 0 }, () => 0.9).After(attempt).ShouldBe(TimeSpan.FromSeconds(seconds));

    [Theory]
    [InlineData(0.0, 0.8)]
    [InlineData(0.5, 1.0)]
    [InlineData(0.999999, 1.2)]
    public void Jitter_makes_a_delay_longer_or_shorter_by_its_share(double random, double seconds) =>
        new BackOff(new RetryOptions { Jitter = 0.2 }, () => random).After(1).TotalSeconds.ShouldBe(seconds, 0.001);

    [Fact]
    public void A_first_delay_of_zero_tries_again_at_once() =>
        new BackOff(new RetryOptions { FirstDelay = TimeSpan.Zero }, () => 0.9).After(7).ShouldBe(TimeSpan.Zero);
}
