using Carillon.Postgres.Deliveries.Internal;

namespace Carillon.Postgres.Tests.Deliveries;

public sealed class StoredTextTests
{
    [Theory]
    [InlineData("")]
    [InlineData("order.placed")]
    [InlineData("a\0b")]
    [InlineData("\u001A")]
    [InlineData("\u001A0\0\u001A1")]
    [InlineData("🔔")]
    public void Every_text_comes_back_and_is_stored_without_a_zero(string text)
    {
        var stored = StoredText.Write(text);

        stored.ShouldNotContain("\0");
        StoredText.Read(stored).ShouldBe(text);
    }

    [Fact]
    public void Half_a_surrogate_pair_becomes_what_everybody_shows_for_it() => StoredText.Write("a\uD83Db").ShouldBe("a\uFFFDb");

    /// <summary>They are in the tables of those who have stored something: a version that counts otherwise would not find it.</summary>
    [Fact]
    public void The_numbers_of_texts_never_change()
    {
        StableHash.OfKey("receipt", "order 1").ShouldBe(KeyOfReceipt);
        StableHash.OfKey("receipto", "rder 1").ShouldNotBe(KeyOfReceipt);
        StableHash.OfUnique("receipt:order 1").ShouldBe(UniqueOfReceipt);
    }

    private const long KeyOfReceipt = 4622149987903432341;
    private static readonly Guid UniqueOfReceipt = Guid.Parse("d5814c26-b506-6b78-6f80-3941a9407eda");
}
