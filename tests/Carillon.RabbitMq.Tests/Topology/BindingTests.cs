using System.Globalization;
using Carillon.RabbitMq.Tests.Faults;
using Carillon.Transports;

namespace Carillon.RabbitMq.Tests.Topology;

/// <summary>What a queue takes is what those have wanted who began last, whoever begins together.</summary>
public sealed class BindingTests : IAsyncDisposable
{
    private const int Replicas = 6;

    private readonly RabbitPlace _place = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _place.DisposeAsync();

    [Fact]
    public async Task Replicas_that_begin_together_with_another_pattern_leave_nothing_of_the_one_before()
    {
        await BeginAsync(await _place.OpenAsync(), "poll.old");

        await BeginTogetherAsync(static _ => "poll.new");

        (await TakesAsync("poll.old")).ShouldBeFalse();
        (await TakesAsync("poll.new")).ShouldBeTrue();
    }

    [Fact]
    public async Task Of_those_that_begin_together_and_want_different_things_one_has_the_last_word()
    {
        await BeginTogetherAsync(static number => string.Create(CultureInfo.InvariantCulture, $"poll.number{number}"));

        var taken = 0;
        for (var number = 0; number < Replicas; number++)
        {
            taken += await TakesAsync(string.Create(CultureInfo.InvariantCulture, $"poll.number{number}")) ? 1 : 0;
        }

        taken.ShouldBe(1);
    }

    [Fact]
    public async Task Who_begins_while_another_one_brings_the_bindings_up_to_date_waits_for_it_and_then_does_so_itself()
    {
        var log = new LogSignals();
        var transport = await _place.OpenAsync(loggers: log);
        await BeginAsync(transport, "poll.old");
        await using var raw = await _place.RawAsync();
        await raw.Channel.QueueDeclareAsync($"{_place.Exchange}.all:turn", durable: false, exclusive: true, autoDelete: true, cancellationToken: Cancel);
        var note = (await raw.Channel.BasicGetAsync($"{_place.Exchange}.all:patterns", autoAck: false, Cancel)).ShouldNotBeNull();

        var beginning = BeginAsync(transport, "poll.new");
        await Task.WhenAny(beginning, log.WaitAsync(692));
        await raw.Channel.BasicNackAsync(note.DeliveryTag, multiple: false, requeue: true, Cancel);
        await raw.Channel.QueueDeleteAsync($"{_place.Exchange}.all:turn", ifUnused: false, ifEmpty: false, cancellationToken: Cancel);
        await beginning;

        (await TakesAsync("poll.old")).ShouldBeFalse();
        (await TakesAsync("poll.new")).ShouldBeTrue();
    }

    private async Task BeginTogetherAsync(Func<int, string> pattern)
    {
        var transports = new List<ITransport>();
        for (var number = 0; number < Replicas; number++)
        {
            // Two of each process.
            transports.Add(number % 2 == 0 ? await _place.OpenAsync() : transports[^1]);
        }

        await Task.WhenAll(transports.Select((transport, number) => Task.Run(() => BeginAsync(transport, pattern(number)), Cancel)));
    }

    private static async Task BeginAsync(ITransport transport, string pattern)
    {
        var subscription = await transport.SubscribeAsync(new TransportSubscription { Patterns = [pattern], Key = "all" }, static (_, _) => new(ReceiveOutcome.Acknowledged), Cancel);
        await subscription.DisposeAsync();
    }

    private async Task<bool> TakesAsync(string name) => await (await _place.OpenAsync()).PublishAsync(Traffic.Event(name, "1"), Cancel) == PublishResult.Routed;
}
