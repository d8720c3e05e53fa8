using Carillon.RabbitMq.Tests.Faults;
using Carillon.Transports;

namespace Carillon.RabbitMq.Tests.Transports;

public sealed class DeadLetterTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_gives_up_looking_hides_no_letter_from_the_next_look()
    {
        await using var place = new RabbitPlace();
        await using var wire = new CuttableWire(place.Address);
        var transport = await place.OpenAsync(options => options.Connection.Address = wire.Address);
        await using (await transport.SubscribeAsync(new TransportSubscription { Patterns = ["poll.#"], Key = "all" }, static (_, _) => new(ReceiveOutcome.Acknowledged), Cancel))
        {
        }

        await using (var raw = await place.RawAsync())
        {
            await raw.Channel.BasicPublishAsync("", $"{place.Exchange}.all:dead", mandatory: true, new RabbitMQ.Client.BasicProperties { MessageId = "letter" }, "1"u8.ToArray(), Cancel);
        }

        (await transport.DeadLetters.ListAsync("all", 10, Cancel)).Count.ShouldBe(1);
        wire.HoldBack();
        using var impatient = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var looking = transport.DeadLetters.ListAsync("all", 10, impatient.Token).AsTask();
        await impatient.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(looking);
        // Now the broker hands it out to somebody who does not wait for it any more.
        wire.LetThrough(int.MaxValue);

        (await transport.DeadLetters.ListAsync("all", 10, Cancel)).ShouldHaveSingleItem().Id.ShouldBe("letter");
        (await transport.DeadLetters.DiscardAsync("all", null, Cancel)).ShouldBe(1);
    }
}
