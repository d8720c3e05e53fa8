using System.Text;
using Carillon.Envelopes;
using Carillon.RabbitMq.Tests.Faults;
using Carillon.Transports;
using RabbitMQ.Client;

namespace Carillon.RabbitMq.Tests.Publishing;

/// <summary>Many share one channel, and none of them suffers for another one.</summary>
public sealed class PublishTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Of_two_with_one_id_the_one_that_nobody_takes_is_told_so_and_the_other_is_not()
    {
        await using var place = new RabbitPlace();
        await using var wire = new CuttableWire(place.Address);
        var sender = await place.OpenAsync(options => (options.Connection.Address, options.QueueKind) = (wire.Address, RabbitMqQueueKinds.Quorum));
        await using var subscription = await sender.SubscribeAsync(new TransportSubscription { Patterns = ["poll.taken"], Key = "all" }, static (_, _) => new(ReceiveOutcome.Acknowledged), Cancel);
        await sender.PublishAsync(Traffic.Event("poll.taken", "1"), Cancel);
        var both = Guid.CreateVersion7();

        // The broker has both at once, and gives one back before the other is on its disk.
        wire.HoldBack();
        var taken = sender.PublishAsync(Traffic.Event("poll.taken", "2", both), Cancel).AsTask();
        var alone = sender.PublishAsync(Traffic.Event("poll.alone", "3", both), Cancel).AsTask();
        wire.LetThrough(int.MaxValue);

        (await alone).ShouldBe(PublishResult.Unrouted);
        (await taken).ShouldBe(PublishResult.Routed);
    }

    [Theory]
    [InlineData("name", "'имя", "name", "255 bytes")]
    [InlineData("type", "content type", "255 bytes", "shorter")]
    [InlineData("id", "cloudEvents:id", "255 bytes", "shorter")]
    [InlineData("header", "name of the header 'ш", "255 bytes", "shorter")]
    [InlineData("key", "headers", "key", "frame")]
    [InlineData("size", "headers", "131,072", "frame")]
    [InlineData("priority", "PriorityOf", "None today.", "mend")]
    public async Task What_cannot_be_published_fails_alone_and_says_why(string what, params string[] words)
    {
        await using var place = new RabbitPlace();
        await using var wire = new CuttableWire(place.Address);
        var log = new LogSignals();
        var sender = await place.OpenAsync(
            options =>
            {
                options.Connection.Address = wire.Address;
                options.PriorityOf = static outgoing => outgoing.Key == "urgent" ? throw new InvalidOperationException("None today.") : (byte)0;
            },
            log);
        await sender.PublishAsync(Traffic.Event("poll.created", "1"), Cancel);
        wire.HoldBack();
        var other = sender.PublishAsync(Traffic.Event("poll.created", "2"), Cancel).AsTask();

        var bad = sender.PublishAsync(Unpublishable(what), Cancel).AsTask();
        var after = sender.PublishAsync(Traffic.Event("poll.created", "3"), Cancel).AsTask();
        wire.LetThrough(int.MaxValue);

        var message = (await Should.ThrowAsync<TransportException>(bad)).Message;
        foreach (var word in words)
        {
            message.ShouldContain(word);
        }

        (await other).ShouldBe(PublishResult.Unrouted);
        (await after).ShouldBe(PublishResult.Unrouted);
        log.Written.ShouldNotContain(line => line.Contains("is lost", StringComparison.Ordinal) || line.Contains("was closed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_longest_that_fits_is_published()
    {
        await using var place = new RabbitPlace();
        var sender = await place.OpenAsync();
        var name = new string('ш', 127);
        await using var subscription = await sender.SubscribeAsync(new TransportSubscription { Patterns = ["#"], Key = "all" }, static (_, _) => new(ReceiveOutcome.Acknowledged), Cancel);

        (await sender.PublishAsync(With(Traffic.Event(name, "1"), new EventHeader(name, new string('ш', 60_000))), Cancel)).ShouldBe(PublishResult.Routed);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_a_stranger_has_written_that_cannot_be_written_again_is_left_out_when_it_comes_again_or_is_given_up(bool isId)
    {
        // What is no text is read as three bytes for each of its bytes.
        var text = new string('~', 200);
        await using var place = new RabbitPlace();
        await using var wire = new CuttableWire(place.Address) { Rewrite = (Encoding.ASCII.GetBytes(text), [.. Enumerable.Repeat((byte)0xff, text.Length)]) };
        var log = new LogSignals();
        var transport = await place.OpenAsync(loggers: log);
        var attempts = new List<int>();
        var given = new TaskCompletionSource();
        await using var subscription = await transport.SubscribeAsync(new TransportSubscription { Patterns = ["poll.#"], Key = "all", Concurrency = 1 }, (incoming, _) =>
        {
            attempts.Add(incoming.Attempt);
            if (incoming.Attempt == 1)
            {
                return new(ReceiveOutcome.RetryAfter(TimeSpan.Zero, "not now"));
            }

            given.TrySetResult();
            return new(ReceiveOutcome.DeadLetter("never"));
        }, Cancel);
        await using var connection = await new ConnectionFactory { Uri = new Uri(wire.Address) }.CreateConnectionAsync(Cancel);
        await using var channel = await connection.CreateChannelAsync(new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true), Cancel);
        var properties = new BasicProperties { Headers = new Dictionary<string, object?> { ["good"] = "kept" } };
        if (isId)
        {
            properties.MessageId = text;
        }
        else
        {
            properties.Headers["nested"] = new Dictionary<string, object?> { [text] = 1 };
        }

        await channel.BasicPublishAsync(place.Exchange, "poll.created", mandatory: true, properties, "1"u8.ToArray(), Cancel);

        await given.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancel);
        attempts.ShouldBe([1, 2]);
        await subscription.StopAsync(Cancel);
        var letter = (await transport.DeadLetters.ListAsync("all", 10, Cancel)).ShouldHaveSingleItem();
        letter.Reason.ShouldBe("never");
        letter.Headers.ShouldContain(new EventHeader("good", "kept"));
        log.Written.ShouldNotContain(line => line.Contains("could not be carried out", StringComparison.Ordinal) || line.Contains("was closed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_window_full_of_what_nobody_waits_for_any_more_is_given_up_with_its_connection()
    {
        await using var place = new RabbitPlace();
        await using var wire = new CuttableWire(place.Address);
        var log = new LogSignals();
        var sender = await place.OpenAsync(
            options => (options.Connection.Address, options.MaxUnconfirmed, options.PublishTimeout) = (wire.Address, 4, TimeSpan.FromSeconds(1)), log);
        await sender.PublishAsync(Traffic.Event("poll.created", "1"), Cancel);
        wire.HoldBack();
        using var impatient = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var given = Enumerable.Range(0, 4).Select(_ => sender.PublishAsync(Traffic.Event("poll.created", "2"), impatient.Token).AsTask()).ToList();
        await impatient.CancelAsync();
        foreach (var each in given)
        {
            await Should.ThrowAsync<OperationCanceledException>(each);
        }

        // Two after the other: by then it has been looked at the window after its time.
        await Should.ThrowAsync<TransportException>(sender.PublishAsync(Traffic.Event("poll.created", "3"), Cancel).AsTask());
        await Should.ThrowAsync<TransportException>(sender.PublishAsync(Traffic.Event("poll.created", "4"), Cancel).AsTask());

        log.Written.ShouldContain(line => line.Contains("is lost: nothing was confirmed within", StringComparison.Ordinal));
        wire.LetThrough(int.MaxValue);
    }

    private static OutgoingEvent Unpublishable(string what) => what switch
    {
        "name" => Traffic.Event($"имя{new string('ш', 130)}", "1"),
        "type" => With(Traffic.Event("poll.created", "1"), contentType: new string('ш', 130)),
        "id" => With(Traffic.Event("poll.created", "1"), new EventHeader("cloudEvents:id", new string('ш', 130))),
        "header" => With(Traffic.Event("poll.created", "1"), new EventHeader(new string('ш', 130), "value")),
        "key" => Traffic.Event("poll.created", "1", key: new string('k', 140_000)),
        "size" => With(Traffic.Event("poll.created", "1"), new EventHeader("large", new string('ш', 70_000))),
        _ => Traffic.Event("poll.created", "1", key: "urgent"),
    };

    // Before the others: the id that is found first counts.
    private static OutgoingEvent With(OutgoingEvent from, EventHeader? header = null, string? contentType = null) => new()
    {
        EventName = from.EventName,
        Id = from.Id,
        ContentType = contentType ?? from.ContentType,
        Headers = header is { } more ? [more, .. from.Headers] : from.Headers,
        Body = from.Body,
    };
}
