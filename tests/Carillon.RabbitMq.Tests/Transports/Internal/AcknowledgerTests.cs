using System.Threading.Channels;
using Carillon.RabbitMq.Transports.Internal;

namespace Carillon.RabbitMq.Tests.Transports.Internal;

public sealed class AcknowledgerTests
{
    [Fact]
    public async Task What_is_done_is_all_said_in_the_end_though_one_before_it_is_not_done()
    {
        var channel = FakeChannel.Create(out var fake);
        await using var acknowledger = Of(channel);
        await acknowledger.DoneAsync(1);
        await acknowledger.DoneAsync(3);

        await acknowledger.FlushAsync();

        fake.Acknowledged.ShouldBe([(1ul, true), (3ul, false)]);
    }

    [Fact]
    public async Task A_channel_that_is_being_closed_by_its_client_fails_nobody_who_has_done_something()
    {
        var channel = FakeChannel.Create(out var fake);
        fake.Fault = new ChannelClosedException();
        await using var acknowledger = Of(channel);
        await acknowledger.DoneAsync(1);

        await acknowledger.FlushAsync();
        await acknowledger.ReturnAsync(2);
        await acknowledger.DoneAsync(3);
        await acknowledger.FlushAsync();
    }

    // Time stands still, so that nothing is said by itself.
    private static Acknowledger Of(RabbitMQ.Client.IChannel channel) => new(channel, prefetch: 1000, new StillTime());

    private sealed class StillTime : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => new StillTimer();
    }

    private sealed class StillTimer : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => default;
    }
}
