using Carillon.RabbitMq.Tests.Faults;
using Carillon.RabbitMq.Transports.Internal;
using RabbitMQ.Client.Events;

namespace Carillon.RabbitMq.Tests.Transports.Internal;

/// <summary>What one connection or channel says does not count for the next one.</summary>
public sealed class BrokerLinkTests : IAsyncDisposable
{
    private readonly RabbitPlace _place = new();
    private readonly RabbitInstruments _instruments = new(factory: null);
    private readonly RabbitMqOptions _options;
    private readonly LogSignals _log = new();
    private readonly BrokerLink _link;
    private readonly ConfirmingPublisher _publisher;

    public BrokerLinkTests()
    {
        _options = _place.Options();
        _link = new BrokerLink(BrokerAddress.Of(_options.Connection), "tests", _instruments, _log);
        _publisher = new ConfirmingPublisher(_link, _options, _instruments, TimeProvider.System, _log);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _publisher.DisposeAsync();
        await _link.DisposeAsync();
        _instruments.Dispose();
        await _place.DisposeAsync();
    }

    [Fact]
    public async Task What_a_connection_says_that_was_given_up_does_not_block_the_one_after_it()
    {
        var (old, _) = await _link.OpenAsync("try", null, Cancel);
        _link.Abandon(old, "for a test");
        var (current, _) = await _link.OpenAsync("try", null, Cancel);

        await _link.BlockedAsync(old, new ConnectionBlockedEventArgs("low on memory"));
        _link.BlockedReason.ShouldBeNull();

        await _link.BlockedAsync(current, new ConnectionBlockedEventArgs("low on disk"));
        await _link.UnblockedAsync(old, new AsyncEventArgs());
        _link.BlockedReason.ShouldBe("low on disk");
        await _link.UnblockedAsync(current, new AsyncEventArgs());
        _link.BlockedReason.ShouldBeNull();
    }

    [Fact]
    public async Task Preparing_what_publishes_already_leaves_no_channel_open_behind_it()
    {
        await _publisher.PublishAsync(Traffic.Event("poll.created", "1"), Cancel);

        await _publisher.PrepareAsync(Cancel);
        await _publisher.PrepareAsync(Cancel);

        // The client gives the lowest number that is free.
        (await _link.OpenChannelAsync("count", null, Cancel)).ChannelNumber.ShouldBe(2);
    }
}
