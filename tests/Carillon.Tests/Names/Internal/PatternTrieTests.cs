using Carillon.Names.Internal;

namespace Carillon.Tests.Names.Internal;

public sealed class PatternTrieTests
{
    [Theory]
    // Conformance 77
    [InlineData("#.test", "test", true)]
    [InlineData("#.test", "a.test", true)]
    [InlineData("#.test", "a.b.test", true)]
    [InlineData("#.test", "test.a", false)]
    // Conformance 78
    [InlineData("foo.#.test", "foo.test", true)]
    [InlineData("foo.#.test", "foo.a.test", true)]
    [InlineData("foo.#.test", "foo.a.b.test", true)]
    [InlineData("foo.#.test", "foo.a.b", false)]
    // Conformance 79
    [InlineData("#", "a", true)]
    [InlineData("#", "a.b.c", true)]
    // Conformance 80, 88
    [InlineData("*", "a", true)]
    [InlineData("*", "a.b", false)]
    [InlineData("foo.*", "foo.bar.baz", false)]
    [InlineData("foo.*", "foo", false)]
    // Conformance 81
    [InlineData("#.#", "a", true)]
    [InlineData("#.#", "a.b.c", true)]
    [InlineData("a.#.#.b", "a.b", true)]
    [InlineData("a.#.#.b", "a.x.y.b", true)]
    [InlineData("#.a.#.a.#", "a.a", true)]
    [InlineData("#.a.#.a.#", "a.b", false)]
    [InlineData("#.*", "a.b", true)]
    // Conformance 83: an empty segment is a segment, and * stands for one of them.
    [InlineData("a.*", "a..b", false)]
    [InlineData("a.*.b", "a..b", true)]
    [InlineData("*", ".", false)]
    [InlineData("*.*", ".", true)]
    [InlineData("a.*", "a.", true)]
    [InlineData("*.a", ".a", true)]
    [InlineData("a", ".a", false)]
    [InlineData("a", "a.", false)]
    [InlineData("#", "...", true)]
    [InlineData("user", "User", false)]
    public void A_star_is_one_segment_and_a_hash_any_number(string pattern, string name, bool matches)
    {
        Find([pattern], name).Count.ShouldBe(matches ? 1 : 0);
        NamePattern.Matches(pattern, name).ShouldBe(matches);
    }

    [Fact]
    public void Many_patterns_answer_as_each_of_them_would_alone()
    {
        var random = new Random(20);
        var patterns = Enumerable.Range(0, 300).Select(_ => Text(random, ["a", "b", "*", "#", ""], 1 + random.Next(5))).ToArray();

        for (var time = 0; time < 500; time++)
        {
            var name = Text(random, ["a", "b", "c", ""], 1 + random.Next(5));
            Find(patterns, name).Order().ShouldBe(Enumerable.Range(0, patterns.Length).Where(index => NamePattern.Matches(patterns[index], name)), name);
        }
    }

    [Fact]
    public void A_pattern_of_many_hashes_does_not_try_all_ways()
    {
        var pattern = string.Join('.', Enumerable.Repeat("#.a", 40)) + ".b";
        var name = string.Join('.', Enumerable.Repeat("a", 90));

        Find([pattern], name).ShouldBeEmpty();
        NamePattern.Matches(pattern, name).ShouldBeFalse();
    }

    // Conformance 91
    [Fact]
    public void What_is_removed_leaves_the_others_and_nothing_of_itself()
    {
        var random = new Random(21);
        var trie = new PatternTrie<int>();
        var patterns = Enumerable.Range(0, 200).Select(_ => Text(random, ["a", "b", "*", "#"], 1 + random.Next(4))).ToArray();
        for (var index = 0; index < patterns.Length; index++)
        {
            trie.Add(patterns[index], index);
        }

        var present = Enumerable.Range(0, patterns.Length).ToHashSet();
        foreach (var index in Enumerable.Range(0, patterns.Length).OrderBy(_ => random.Next()))
        {
            trie.Remove(patterns[index], index);
            present.Remove(index);
            var name = Text(random, ["a", "b", "c"], 1 + random.Next(4));
            var found = new List<int>();
            trie.Find(name, found);
            found.Order().ShouldBe(present.Where(other => NamePattern.Matches(patterns[other], name)).Order(), name);
        }

        trie.IsEmpty.ShouldBeTrue();
    }

    [Theory]
    [InlineData("", "0 characters")]
    [InlineData("user.create*", "'create*'")]
    [InlineData("user.**", "'**'")]
    [InlineData("user#", "'user#'")]
    public void What_is_no_pattern_is_said_to_be_none(string pattern, string reason) =>
        NamePattern.Fault(pattern).ShouldNotBeNull().ShouldContain(reason);

    [Fact]
    public void A_pattern_has_200_characters_at_most()
    {
        NamePattern.Fault(new string('a', 200)).ShouldBeNull();
        NamePattern.Fault(new string('a', 201)).ShouldNotBeNull();
    }

    private static List<int> Find(string[] patterns, string name)
    {
        var trie = new PatternTrie<int>();
        for (var index = 0; index < patterns.Length; index++)
        {
            trie.Add(patterns[index], index);
        }

        var found = new List<int>();
        trie.Find(name, found);
        return found;
    }

    private static string Text(Random random, string[] words, int segments) =>
        string.Join('.', Enumerable.Range(0, segments).Select(_ => words[random.Next(words.Length)]));
}
