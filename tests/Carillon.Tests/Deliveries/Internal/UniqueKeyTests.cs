using System.Text;
using Carillon.Deliveries.Internal;

namespace Carillon.Tests.Deliveries.Internal;

public sealed class UniqueKeyTests
{
    [Theory] // conformance 385: the order of members is none of the content, however deep
    [InlineData("""{"a":1,"b":{"c":2,"d":3}}""", """{"b":{"d":3,"c":2},"a":1}""")]
    [InlineData("""[{"a":1,"b":2}]""", """[ { "b" : 2, "a" : 1 } ]""")]
    [InlineData("""{"a":"\u00e9"}""", """{"a":"é"}""")]
    public void Equal_content_has_one_key(string one, string other) => Of(one).ShouldBe(Of(other));

    [Theory] // conformance 386: nothing is not the same as something empty
    [InlineData("{}", """{"a":null}""")]
    [InlineData("""{"a":null}""", """{"a":""}""")]
    [InlineData("""{"a":[]}""", """{"a":{}}""")]
    [InlineData("[1,2]", "[2,1]")]
    [InlineData("""{"a":1,"b":2}""", """{"a":2,"b":1}""")]
    [InlineData("""{"a":{"b":1}}""", """{"a":{},"b":1}""")]
    public void Other_content_has_another_key(string one, string other) => Of(one).ShouldNotBe(Of(other));

    [Fact]
    public void A_key_begins_with_its_listener_and_can_be_read() => UniqueKey.Of("Search.Rebuild", "product 42").ShouldBe("Search.Rebuild:product 42");

    [Theory]
    [InlineData("Search", "Rebuild:1", "Search:Rebuild", "1")]
    [InlineData("Search", ":Rebuild:1", "Search::Rebuild", "1")]
    [InlineData("Search\\", "Rebuild:1", "Search:Rebuild", "1")]
    public void A_key_does_not_go_on_where_the_id_of_another_listener_does(string one, string itsKey, string other, string otherKey) =>
        UniqueKey.Of(one, itsKey).ShouldNotBe(UniqueKey.Of(other, otherKey));

    [Fact]
    public void One_that_is_too_long_keeps_its_beginning_and_differs_by_its_end()
    {
        var one = UniqueKey.Of("Search.Rebuild", new string('x', 1_000) + "1");
        var other = UniqueKey.Of("Search.Rebuild", new string('x', 1_000) + "2");

        one.Length.ShouldBe(UniqueKey.MaxLength);
        one.ShouldStartWith("Search.Rebuild:xxx");
        one.ShouldNotBe(other);
    }

    [Fact]
    public void A_character_of_two_halves_is_not_cut()
    {
        for (var length = 300; length < 400; length++)
        {
            Should.NotThrow(() => new UTF8Encoding(false, throwOnInvalidBytes: true).GetBytes(
                UniqueKey.Of("a", new string('x', length) + string.Concat(Enumerable.Repeat("😀", 100)))));
        }
    }

    private static string Of(string json) => UniqueKey.Of("listener", "event.name", Encoding.UTF8.GetBytes(json));
}
