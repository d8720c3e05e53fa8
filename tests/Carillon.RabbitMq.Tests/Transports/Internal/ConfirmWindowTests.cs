using Carillon.RabbitMq.Transports.Internal;

namespace Carillon.RabbitMq.Tests.Transports.Internal;

public sealed class ConfirmWindowTests
{
    private readonly ConfirmWindow _window = new(4);
    private readonly List<PendingPublish> _taken = [];

    [Fact]
    public void One_is_confirmed_by_its_number_and_all_up_to_a_number_at_once()
    {
        var sent = Send(4);

        _window.Confirm(2, multiple: false, _taken);
        _taken.ShouldBe([sent[1]]);
        _window.Confirm(3, multiple: true, _taken);
        _taken.ShouldBe([sent[1], sent[0], sent[2]]);
        _window.Count.ShouldBe(1);
    }

    [Fact]
    public void It_is_full_until_the_oldest_is_confirmed()
    {
        Send(4);

        _window.Confirm(2, multiple: false, _taken);
        _window.IsFull.ShouldBeTrue();
        _window.Confirm(1, multiple: false, _taken);
        _window.IsFull.ShouldBeFalse();
        _window.Count.ShouldBe(2);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(ulong.MaxValue)]
    public void A_number_that_was_not_sent_confirms_nothing(ulong number)
    {
        Send(4);

        _window.Confirm(number, multiple: true, _taken);

        _taken.ShouldBeEmpty();
    }

    [Fact]
    public void One_that_was_confirmed_twice_is_taken_once()
    {
        Send(2);

        _window.Confirm(1, multiple: false, _taken);
        _window.Confirm(1, multiple: false, _taken);
        _window.Confirm(2, multiple: true, _taken);

        _taken.Count.ShouldBe(2);
    }

    [Fact]
    public void One_that_comes_back_is_known_by_its_id_and_of_two_with_one_id_each_once()
    {
        var sent = Send(3);
        (sent[0].MessageId, sent[1].MessageId, sent[2].MessageId) = ("a", "b", "b");

        _window.Return("", "queue", "b");
        sent.Select(each => each.IsUnrouted).ShouldBe([false, true, false]);
        _window.Return("", "queue", "b");
        sent.Select(each => each.IsUnrouted).ShouldBe([false, true, true]);
        _window.Return("", "queue", "unknown");
    }

    [Fact]
    public void Of_two_with_one_id_the_one_comes_back_that_was_sent_where_the_broker_says()
    {
        PendingPublish[] sent = [Of("first:dead", 1), Of("second:dead", 2), PendingPublish.Of("carillon", Faults.Traffic.Event("first:dead", ""), priority: null, 3)];
        foreach (var each in sent)
        {
            each.MessageId = "a";
            _window.Add(each);
        }

        _window.Return("", "second:dead", "a");
        sent.Select(each => each.IsUnrouted).ShouldBe([false, true, false]);
        _window.Return("carillon", "first:dead", "a");
        sent.Select(each => each.IsUnrouted).ShouldBe([false, true, true]);
    }

    private List<PendingPublish> Send(int count)
    {
        var sent = Enumerable.Range(0, count).Select(static number => Of("queue", number)).ToList();
        sent.ForEach(_window.Add);
        return sent;
    }

    private static PendingPublish Of(string queue, int number) => PendingPublish.Of(queue, new RabbitMQ.Client.BasicProperties(), default, number);
}
