using System.Globalization;
using Carillon.Caching;

namespace Carillon.Tests.Caching;

public sealed class CacheTagTests
{
    [Theory] // D4
    [InlineData("1", "poll:1")]
    [InlineData("1:results", "poll:1%3Aresults")]
    [InlineData("*", "poll:%2A")]
    [InlineData("a b/c?d#e%f", "poll:a%20b%2Fc%3Fd%23e%25f")]
    [InlineData("-._~", "poll:-._~")]
    [InlineData("\u00E9\uD83D\uDE00", "poll:%C3%A9%F0%9F%98%80")]
    [InlineData("", "poll:")]
    [InlineData(null, "poll:")]
    public void A_value_is_encoded_so_that_it_cannot_name_another_tag(string? value, string tag) =>
        CacheTag.Of($"poll:{value}").ShouldBe(tag);

    [Fact] // D4
    public void The_text_around_values_stands_as_it_is() => CacheTag.Of($"a*/:{1}:{"x"}!").ShouldBe("a*/:1:x!");

    [Fact]
    public void Values_are_written_without_a_culture()
    {
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("de-DE");
        try
        {
            CacheTag.Of($"price:{1.5m}").ShouldBe("price:1.5");
            CacheTag.Of($"id:{Guid.Empty}").ShouldBe("id:00000000-0000-0000-0000-000000000000");
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void What_was_never_written_is_empty() => default(CacheTag).ToString().ShouldBeEmpty();
}
