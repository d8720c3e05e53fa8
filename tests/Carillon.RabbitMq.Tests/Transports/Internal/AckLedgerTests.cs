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

    [Fact]
    public void Behind_one_that_takes_long_what_is_done_takes_no_room_however_much_it_is()
    {
        for (var number = 2ul; number < 100_000; number++)
        {
            Done(number);
            if (_ledger.Unsaid >= 4)
            {
                Take().ShouldBe(0ul);
                _single.Count.ShouldBe(4);
                _single.Clear();
            }
        }

        _ledger.Room.ShouldBeLessThanOrEqualTo(128);
    }

    [Fact]
    public void Behind_one_that_takes_long_what_goes_back_takes_no_room_either()
    {
        for (var number = 2ul; number < 100_000; number++)
        {
            _ledger.Returned(number);
            Take().ShouldBe(0ul);
            _returned.ShouldBe([number]);
            _returned.Clear();
        }

        _ledger.Room.ShouldBeLessThanOrEqualTo(128);
    }

    [Fact]
    public void What_was_said_twice_of_one_counts_once()
    {
        Done(2, 2);
        _ledger.Returned(2);
        _ledger.Unsaid.ShouldBe(1);

        Take(isTime: true).ShouldBe(0ul);
        _ledger.Unsaid.ShouldBe(0);
        Done(2);
        _ledger.Unsaid.ShouldBe(0);
        _returned.ShouldBeEmpty();
        _single.ShouldBe([2ul]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_broker_that_waits_for_no_more_than_its_prefetch_hears_of_each_once_and_of_none_too_early(int seed)
    {
        const int Prefetch = 100;
        var random = new Random(seed);
        var outstanding = new SortedSet<ulong>();
        var inHand = new List<ulong>();
        var next = 1ul;
        // One in fifty takes as long as hundreds of others.
        var slow = new HashSet<ulong>();
        for (var step = 0; step < 50_000; step++)
        {
            while (outstanding.Count < Prefetch)
            {
                outstanding.Add(next);
                inHand.Add(next);
                if (random.Next(50) == 0)
                {
                    slow.Add(next);
                }

                next++;
            }

            if (inHand.Count > 0)
            {
                var place = random.Next(Math.Min(inHand.Count, 16));
                var number = inHand[place];
                if (!slow.Contains(number) || random.Next(100) == 0)
                {
                    inHand.RemoveAt(place);
                    if (random.Next(20) == 0)
                    {
                        _ledger.Returned(number);
                    }
                    else
                    {
                        _ledger.Done(number);
                    }
                }
            }

            if (_ledger.Unsaid >= 4 || random.Next(30) == 0)
            {
                Hear(Take(isTime: random.Next(5) == 0));
            }
        }

        foreach (var number in inHand)
        {
            _ledger.Done(number);
        }

        inHand.Clear();
        Hear(Take(isTime: true));
        Hear(Take(isTime: true));
        outstanding.ShouldBeEmpty();
        _ledger.Unsaid.ShouldBe(0);
        _ledger.Room.ShouldBeLessThanOrEqualTo(512);

        void Hear(ulong upTo)
        {
            foreach (var number in _returned)
            {
                outstanding.Remove(number).ShouldBeTrue();
            }

            if (upTo > 0)
            {
                outstanding.ShouldContain(upTo);
                inHand.ShouldAllBe(open => open > upTo);
                outstanding.RemoveWhere(number => number <= upTo);
            }

            foreach (var number in _single)
            {
                inHand.ShouldNotContain(number);
                outstanding.Remove(number).ShouldBeTrue();
            }

            _returned.Clear();
            _single.Clear();
        }
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
