using Carillon.Listeners.Internal;

namespace Carillon.Tests.Listeners.Internal;

/// <summary>Who names whom is written as <c>c&lt;a</c>, c before a, and <c>a&gt;c</c>, a after c; the names are in the order of priority.</summary>
public sealed class ListenerOrderTests
{
    [Theory]
    [InlineData("a b c", "a b c")] // Nothing said, nothing moved
    [InlineData("a b c<a", "c a b")] // The one that names moves up, the one that is named stays
    [InlineData("a>c b c", "b c a")] // ... or down
    [InlineData("a b<a c<a d", "b c a d")] // Two that move to one place keep their order
    [InlineData("a b c<b d<c", "a d c b")] // One moves with the one it has moved to
    [InlineData("a>b b>c c d", "c b a d")]
    [InlineData("a b c<a,b d", "c a b d")] // Before several is before the first
    [InlineData("a>b,c b c d", "b c a d")] // After several is behind the last
    [InlineData("a<b b c", "a b c")] // What is so anyway moves nothing
    [InlineData("a b c>a", "a b c")]
    [InlineData("a<x b>y c", "a b c")] // Who is not there has no effect
    [InlineData("a b c<a,a", "c a b")]
    [InlineData("a b c<a>b", "b c a")] // Between two that stand the other way round
    public void A_listener_that_names_another_moves_to_it(string listeners, string expected)
    {
        var described = Describe(listeners);

        string.Join(' ', ListenerOrder.Sort(described)!.Select(place => described[place].Id)).ShouldBe(expected);
        ListenerOrder.FindCycle(described).ShouldBeNull();
    }

    [Theory]
    [InlineData("a<a", "a")]
    [InlineData("a<b b<a", "a b")]
    [InlineData("x a>b b>c c>a y>a", "a c b")] // Each before the next; who only hangs on the circle is not in it
    [InlineData("a<b>b b", "a b")]
    public void Listeners_that_contradict_each_other_are_found_as_a_path(string listeners, string expected)
    {
        ListenerOrder.Sort(Describe(listeners)).ShouldBeNull();
        var cycle = ListenerOrder.FindCycle(Describe(listeners))!;

        Rotations(cycle).ShouldContain(expected);
    }

    [Fact]
    public void Whatever_is_said_without_contradiction_is_heeded()
    {
        var random = new Random(20260801);
        for (var round = 0; round < 500; round++)
        {
            var listeners = Random(random, size: random.Next(1, 12));

            var places = ListenerOrder.Sort(listeners);

            if (places is null)
            {
                ListenerOrder.FindCycle(listeners).ShouldNotBeNull();
                continue;
            }

            places.Order().ShouldBe(Enumerable.Range(0, listeners.Length));
            var called = places.Select((place, index) => (listeners[place].Id, index)).ToDictionary(each => each.Id, each => each.index);
            foreach (var listener in listeners)
            {
                listener.Before.ShouldAllBe(other => called[listener.Id] < called[other]);
                listener.After.ShouldAllBe(other => called[listener.Id] > called[other]);
            }
        }
    }

    [Fact]
    public void A_chain_of_thousands_is_put_in_order()
    {
        var listeners = Enumerable.Range(0, 10_000).Select(number => new ConstrainedListener($"{number}", [], number < 9_999 ? [$"{number + 1}"] : [])).ToArray();

        ListenerOrder.Sort(listeners).ShouldBe(Enumerable.Range(0, 10_000).Reverse());
    }

    private static ConstrainedListener[] Describe(string listeners) =>
    [
        .. from listener in listeners.Split(' ')
           let after = listener.Split('>')
           let before = after[0].Split('<')
           select new ConstrainedListener(before[0], Named(before), Named(after)),
    ];

    private static string[] Named(string[] parts) => parts.Length > 1 ? parts[1].Split(',') : [];

    private static ConstrainedListener[] Random(Random random, int size) =>
    [
        .. Enumerable.Range(0, size).Select(number => new ConstrainedListener($"{number}", Others(random, size), Others(random, size))),
    ];

    private static string[] Others(Random random, int size) =>
        [.. Enumerable.Range(0, random.Next(10) < 8 ? 0 : random.Next(1, 3)).Select(_ => $"{random.Next(size)}")];

    private static IEnumerable<string> Rotations(List<string> cycle) =>
        cycle.Select((_, start) => string.Join(' ', cycle.Skip(start).Concat(cycle.Take(start))));
}
