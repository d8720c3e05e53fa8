using System.Diagnostics;
using System.Text;
using System.Threading.Channels;
using Carillon.RabbitMq.Tests.Faults;
using Carillon.Transports;
using Microsoft.Extensions.DependencyInjection;
using RabbitMQ.Client;

namespace Carillon.RabbitMq.Tests;

/// <summary>From one application to another, and what strangers send.</summary>
public sealed class ApplicationTests : IAsyncDisposable
{
    private readonly RabbitPlace _place = new();
    private readonly Channel<string> _seen = Channel.CreateUnbounded<string>();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _place.DisposeAsync();

    [Fact]
    public async Task An_event_leaves_one_application_and_reaches_the_listener_of_another()
    {
        await using var receiver = await ReceiverAsync();
        await using var sender = await Application.StartAsync(carillon => carillon.UseInMemory().AddEvent<BallotCast>().UseRabbitMq(Configure));

        await sender.Events.DispatchAsync(new BallotCast("lunch"), Cancel);

        (await NextAsync()).ShouldBe("lunch");
    }

    [Fact]
    public async Task One_that_comes_twice_is_recognised_by_the_inbox()
    {
        await using var receiver = await ReceiverAsync(subscription => subscription.Inbox = TimeSpan.FromDays(1));
        var transport = await _place.OpenAsync();
        var twice = Guid.CreateVersion7();

        await transport.PublishAsync(Traffic.Event("ballot.cast", "{\"title\":\"twice\"}", twice), Cancel);
        await transport.PublishAsync(Traffic.Event("ballot.cast", "{\"title\":\"twice\"}", twice), Cancel);
        await transport.PublishAsync(Traffic.Event("ballot.cast", "{\"title\":\"once\"}"), Cancel);

        string[] seen = [await NextAsync(), await NextAsync()];
        seen.ShouldBe(["twice", "once"]);
    }

    [Fact]
    public async Task Whatever_strangers_send_is_kept_with_the_reason_and_the_next_event_is_handled()
    {
        await using var receiver = await ReceiverAsync();
        await using var raw = await _place.RawAsync();
        var hostile = Hostile().ToList();
        foreach (var (properties, body) in hostile)
        {
            await raw.Channel.BasicPublishAsync(_place.Exchange, "ballot.cast", mandatory: true, properties, body, Cancel);
        }

        var transport = receiver.Services.GetRequiredService<ITransport>();
        await transport.PublishAsync(Traffic.Event("ballot.cast", "{\"title\":\"good\"}"), Cancel);

        (await NextAsync()).ShouldBe("good");
        var letters = await LettersAsync(transport, hostile.Count);
        letters.Count.ShouldBe(hostile.Count, string.Join('\n', letters.Select(static letter => letter.Reason)));
        letters.ShouldAllBe(letter => letter.Reason.Length > 0);
        letters.Count(letter => letter.Reason.Contains("is no time of RFC 3339", StringComparison.Ordinal)).ShouldBe(4);
        letters.Count(letter => letter.Reason.Contains("has no form as text", StringComparison.Ordinal)).ShouldBe(6);
        receiver.Log.Entries.ShouldNotContain(entry => entry.Id == 681 || entry.Id == 685);
    }

    [Fact]
    public async Task What_the_client_itself_cannot_read_is_told_of_is_tried_again_more_and_more_seldom_and_holds_up_nobody_once_it_is_gone()
    {
        await using var receiver = await ReceiverAsync();
        // No decimal of .NET has 30 digits behind the point, and AMQP has those.
        await using var wire = new CuttableWire(_place.Address) { Rewrite = ([(byte)'D', 28, 0, 0, 0, 1], [(byte)'D', 30, 0, 0, 0, 1]) };
        await using var connection = await new ConnectionFactory { Uri = new Uri(wire.Address) }.CreateConnectionAsync(Cancel);
        await using var channel = await connection.CreateChannelAsync(new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true), Cancel);
        var began = Stopwatch.GetTimestamp();
        await channel.BasicPublishAsync(
            _place.Exchange, "ballot.cast", mandatory: true, Good(static headers => headers["d"] = new decimal(1, 0, 0, isNegative: false, 28)), Json(), Cancel);

        while (Losses() < 5)
        {
            Stopwatch.GetElapsedTime(began).ShouldBeLessThan(TimeSpan.FromSeconds(30));
            await Task.Yield();
        }

        // At once, after 100, 200 and 400 milliseconds.
        Stopwatch.GetElapsedTime(began).ShouldBeGreaterThan(TimeSpan.FromMilliseconds(650));
        receiver.Log.Entries.First(static entry => entry.Id == 690).Message.ShouldContain("Unrepresentable AMQP decimal");

        while (await channel.QueuePurgeAsync($"{_place.Exchange}.ballots", Cancel) == 0)
        {
            // It is on its way to the receiver, and comes back.
        }

        await channel.BasicPublishAsync(_place.Exchange, "ballot.cast", mandatory: true, Good(), "{\"title\":\"next\"}"u8.ToArray(), Cancel);
        (await NextAsync()).ShouldBe("next");

        int Losses() => receiver.Log.Entries.Count(static entry => entry.Id == 690);
    }

    [Fact]
    public async Task An_optional_header_that_is_null_is_one_that_is_not_there()
    {
        await using var receiver = await ReceiverAsync();
        await using var raw = await _place.RawAsync();
        var properties = Good(static headers =>
        {
            foreach (var optional in (string[])["time", "correlationid", "eventversion", "partitionkey", "causationid", "traceparent"])
            {
                headers[$"cloudEvents:{optional}"] = null;
            }

            // And what is no attribute may be anything.
            headers["when"] = new AmqpTimestamp(long.MaxValue);
            headers["where"] = new List<object?> { null };
        });

        await raw.Channel.BasicPublishAsync(_place.Exchange, "ballot.cast", mandatory: true, properties, "{\"title\":\"null\"}"u8.ToArray(), Cancel);

        (await NextAsync()).ShouldBe("null");
    }

    [Fact]
    public async Task What_a_stranger_has_marked_for_others_comes_again_to_its_own_subscription_only()
    {
        var tries = 0;
        await using var receiver = await ReceiverAsync(listen: title => ++tries < 3 ? throw new InvalidOperationException("Not now.") : _seen.Writer.TryWrite(title));
        await using var raw = await _place.RawAsync();
        var other = (await raw.Channel.QueueDeclareAsync(cancellationToken: Cancel)).QueueName;
        var properties = Good();
        properties.Headers!["CC"] = new List<object> { other };
        properties.Headers["x-death"] = "nonsense";
        properties.UserId = "guest";
        properties.ReplyTo = "amq.rabbitmq.reply-to.something";
        properties.Expiration = "600000";

        await raw.Channel.BasicPublishAsync(_place.Exchange, "ballot.cast", mandatory: true, properties, "{\"title\":\"third\"}"u8.ToArray(), Cancel);

        (await NextAsync()).ShouldBe("third");
        // To the topic exchange the mark means nothing; the default exchange, by which it comes again, would have taken it for a queue.
        (await raw.Channel.QueueDeclarePassiveAsync(other, Cancel)).MessageCount.ShouldBe(0u);
    }

    private static IEnumerable<(BasicProperties Properties, byte[] Body)> Hostile()
    {
        yield return (new BasicProperties(), []);
        yield return (new BasicProperties { ContentType = "application/json" }, [0xff, 0xfe, 0x00]);
        yield return (Good(headers => headers["cloudEvents:id"] = new Dictionary<string, object?> { ["a"] = 1 }), Json());
        yield return (Good(headers => headers["cloudEvents:id"] = new byte[] { 0xc3, 0x28 }), Json());
        foreach (var absurd in (object[])[new AmqpTimestamp(long.MaxValue), new AmqpTimestamp(long.MinValue), new AmqpTimestamp(-62_135_596_801), "yesterday"])
        {
            yield return (Good(headers => headers["cloudEvents:time"] = absurd), Json());
        }

        foreach (var optional in (string[])["time", "correlationid", "eventversion", "partitionkey"])
        {
            yield return (Good(headers => headers[$"cloudEvents:{optional}"] = new List<object?> { 1, null }), Json());
        }

        yield return (Good(headers => headers["cloudEvents:eventversion"] = 1.5), Json());
        yield return (new BasicProperties { Timestamp = new AmqpTimestamp(long.MinValue), Priority = 255, Headers = new Dictionary<string, object?> { ["t"] = new AmqpTimestamp(-1) } }, Json());
        yield return (Good(), Encoding.UTF8.GetBytes(new string('[', 100_000)));
        yield return (Good(), "{\"title\":7}"u8.ToArray());
        yield return (Good(headers => headers["cloudEvents:type"] = "System.Diagnostics.Process, System"), Json());
        yield return (Good(headers =>
        {
            headers["carillon-attempt"] = "many";
            headers["carillon-reason"] = new string('x', 1000);
            headers["large"] = new string('x', 120_000);
        }), Json());
        yield return (Good(headers =>
        {
            for (var number = 0; number < 200; number++)
            {
                headers[$"h{number}"] = number;
            }
        }), Json());
        var direct = new BasicProperties { ReplyTo = "amq.rabbitmq.reply-to.none", UserId = "guest", Expiration = "3600000", Priority = 255 };
        yield return (direct, "no event"u8.ToArray());
    }

    private static BasicProperties Good(Action<IDictionary<string, object?>>? change = null)
    {
        var properties = new BasicProperties { ContentType = "application/json", Headers = new Dictionary<string, object?>() };
        foreach (var header in Traffic.Event("ballot.cast", "").Headers)
        {
            properties.Headers[header.Name] = header.Value;
        }

        change?.Invoke(properties.Headers);
        return properties;
    }

    private static byte[] Json() => "{\"title\":\"bad\"}"u8.ToArray();

    private static async Task<IReadOnlyList<DeadLetter>> LettersAsync(ITransport transport, int count)
    {
        var began = Stopwatch.GetTimestamp();
        while (true)
        {
            var letters = await transport.DeadLetters.ListAsync("ballots", 100, Cancel);
            if (letters.Count >= count || Stopwatch.GetElapsedTime(began) > TimeSpan.FromSeconds(30))
            {
                return letters;
            }
        }
    }

    private async Task<Application> ReceiverAsync(Action<SubscriptionOptions>? configure = null, Func<string, bool>? listen = null)
    {
        // So that its queues are removed.
        await using (await (await _place.OpenAsync()).SubscribeAsync(new TransportSubscription { Patterns = ["ballot.#"], Key = "ballots" }, static (_, _) => new(ReceiveOutcome.Returned), Cancel))
        {
        }

        return await Application.StartAsync(carillon => carillon
            .UseInMemory()
            .ConfigureRetries(retries => retries.FirstDelay = TimeSpan.FromMilliseconds(50))
            .UseRabbitMq(Configure)
            .Listen<BallotCast>((ballot, _, _) =>
            {
                (listen ?? _seen.Writer.TryWrite)(ballot.Title);
                return ValueTask.CompletedTask;
            })
            .Subscribe("ballot.#", subscription =>
            {
                subscription.Key = "ballots";
                subscription.Concurrency = 1;
                configure?.Invoke(subscription);
            }));
    }

    private void Configure(RabbitMqOptions options)
    {
        options.Connection.Address = _place.Address;
        options.Exchange = _place.Exchange;
    }

    private Task<string> NextAsync() => _seen.Reader.ReadAsync(Cancel).AsTask().WaitAsync(TimeSpan.FromSeconds(30), Cancel);
}

[Event("ballot.cast", Leaves = true)]
public sealed record BallotCast(string Title);
