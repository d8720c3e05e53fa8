using Carillon.RabbitMq.Transports.Internal;

namespace Carillon.RabbitMq.Tests.Transports.Internal;

public sealed class DelayStepTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(1000, 1)]
    [InlineData(1001, 2)]
    [InlineData(60_000, 64)]
    public void A_delay_waits_in_the_queue_that_is_just_long_enough(int milliseconds, int seconds)
    {
        var (step, delay) = DelayStep.For(TimeSpan.FromMilliseconds(milliseconds));

        step.Seconds.ShouldBe(seconds);
        delay.TotalMilliseconds.ShouldBe(milliseconds);
    }

    [Fact]
    public void What_is_longer_than_the_broker_can_count_comes_sooner()
    {
        var (step, delay) = DelayStep.For(TimeSpan.FromDays(365));

        delay.ShouldBe(step.Longest);
        delay.TotalMilliseconds.ShouldBeLessThan(uint.MaxValue);
    }
}
