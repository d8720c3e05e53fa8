using Carillon.RabbitMq.Transports.Internal;

namespace Carillon.RabbitMq.Tests.Transports.Internal;

public sealed class AckLedgerTests
{
    private readonly AckLedger _ledger = new(batch: 4);
    private readonly List<ulong> _returned = [];
    private readonly List<ulong> _single = [];

    [Fact]
    public void What_is_done_from_the_beginning_is_said_at_once()
    {
        Done(1, 2, 3);

        Take().ShouldBe(3ul);
        Take().ShouldBe(0ul);
        _single.ShouldBeEmpty();
        _ledger.Unsaid.ShouldBe(0);
    }

    [Fact]
    public void What_is_behind_one_that_takes_long_waits()
    {
        Done(1, 3);

        Take().ShouldBe(1ul);
        Done(2);
        Take().ShouldBe(3ul);
    }

    [Fact]
    public void Once_it_is_a_batch_it_is_said_one_by_one()
    {
        Done(2, 3, 4, 5);

        Take().ShouldBe(0ul);
        _single.ShouldBe([2ul, 3ul, 4ul, 5ul]);
        Done(1);
        // Not 5: of that the broker knows, and it would close the channel.
        Take().ShouldBe(1ul);
    }

    [Fact]
    public void Or_when_it_has_waited_long_enough()
    {
        Done(2);

        Take(isTime: true).ShouldBe(0ul);
        _single.ShouldBe([2ul]);
    }

    [Fact]
    public void What_goes_back_is_said_first_and_never_with_what_is_done()
    {
        Done(1);
        _ledger.Returned(2);
        Done(3);

        Take().ShouldBe(3ul);
        _returned.ShouldBe([2ul]);
        _ledger.Unsaid.ShouldBe(0);
    }

    [Fact]
    public void What_goes_back_last_is_not_acknowledged()
    {
        Done(1);
        _ledger.Returned(2);

        Take().ShouldBe(1ul);
        Take().ShouldBe(0ul);
    }

    [Fact]
    public void In_any_order_each_is_said_once_whatever_the_distance()
    {
        var random = new Random(7);
        var numbers = Enumerable.Range(1, 5000).Select(static number => (ulong)number).ToArray();
        random.Shuffle(numbers.AsSpan(0, 5000));
        var said = new HashSet<ulong>();
        var upTo = 0ul;
        foreach (var number in numbers)
        {
            Done(number);
            var now = Take(random.Next(10) == 0);
            foreach (var each in _single)
            {
                said.Add(each).ShouldBeTrue();
            }

            _single.Clear();
            if (now > 0)
            {
                now.ShouldBeGreaterThan(upTo);
                said.ShouldNotContain(now);
                upTo = now;
            }
        }

        Take(isTime: true);
        _ledger.Unsaid.ShouldBe(0);
    }

    private void Done(params ReadOnlySpan<ulong> numbers)
    {
        foreach (var number in numbers)
        {
            _ledger.Done(number);
        }
    }

    private ulong Take(bool isTime = false) => _ledger.Take(isTime, _returned, _single);
}
