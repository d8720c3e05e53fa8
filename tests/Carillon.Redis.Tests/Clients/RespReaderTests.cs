using System.Text;
using Carillon.Redis.Clients.Internal;

namespace Carillon.Redis.Tests.Clients;

public sealed class RespReaderTests
{
    private static readonly RespLimits Small = new() { MaxBytes = 1000, MaxDepth = 3, MaxLine = 100 };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(10_000)]
    public async Task Replies_are_read_however_they_are_cut_into_pieces(int piece)
    {
        var body = new string('x', 300);
        using var reader = Reader($"+OK\r\n-ERR no\r\n:-42\r\n$300\r\n{body}\r\n$0\r\n\r\n$-1\r\n*-1\r\n_\r\n*2\r\n$1\r\n\r\r\n*1\r\n:7\r\n*0\r\n", piece);

        (await ReadAsync(reader)).Text.ShouldBe("OK");
        (await ReadAsync(reader)).ShouldSatisfyAllConditions(error => error.Kind.ShouldBe(RespKind.Error), error => error.Text.ShouldBe("ERR no"));
        (await ReadAsync(reader)).Number.ShouldBe(-42);
        (await ReadAsync(reader)).Text.ShouldBe(body);
        (await ReadAsync(reader)).Bytes.ShouldBeEmpty();
        (await ReadAsync(reader)).IsNull.ShouldBeTrue();
        (await ReadAsync(reader)).IsNull.ShouldBeTrue();
        (await ReadAsync(reader)).IsNull.ShouldBeTrue();
        var list = (await ReadAsync(reader)).Items;
        (list[0].Text, list[1].Items[0].Number).ShouldBe(("\r", 7));
        (await ReadAsync(reader)).Items.ShouldBeEmpty();
        await Should.ThrowAsync<EndOfStreamException>(async () => await ReadAsync(reader));
    }

    [Theory]
    [InlineData("HTTP/1.1 400 Bad Request\r\n", "does it want TLS")]
    [InlineData("\r\n", "which no reply does")]
    [InlineData("$12x\r\n", "'12x' where a number")]
    [InlineData("$-2\r\n", "announced -2")]
    [InlineData("*-2\r\n", "announced -2")]
    [InlineData("$1001\r\n", "announced 1001")]
    [InlineData("$99999999999999999999\r\n", "where a number")]
    [InlineData("*9223372036854775807\r\n", "announced")]
    [InlineData("*32\r\n", "announced 1024")]
    [InlineData("*1\r\n*1\r\n*1\r\n*1\r\n:1\r\n", "more than 3 deep")]
    [InlineData("*2\r\n$600\r\n", "are left")]
    [InlineData("$1\r\nxyz\r\n", "more bytes than it had announced")]
    public async Task What_is_no_reply_or_too_much_is_refused(string sent, string because)
    {
        using var reader = Reader(sent.Contains("$600", StringComparison.Ordinal) ? sent + new string('x', 600) + "\r\n$600\r\n" : sent, 10_000);

        (await Should.ThrowAsync<RespException>(async () => await ReadAsync(reader))).Message.ShouldContain(because);
    }

    [Fact]
    public async Task A_line_without_an_end_is_refused()
    {
        using var reader = Reader("+" + new string('x', 100_000), 50);

        (await Should.ThrowAsync<RespException>(async () => await ReadAsync(reader))).Message.ShouldContain("more than 100 bytes");
    }

    [Theory]
    [InlineData('+')]
    [InlineData('-')]
    public async Task Lines_of_text_count_as_much_as_bytes_do(char kind)
    {
        var line = kind + new string('x', 90) + "\r\n";
        using var reader = Reader($"*10\r\n{string.Concat(Enumerable.Repeat(line, 10))}", 10_000);

        (await Should.ThrowAsync<RespException>(async () => await ReadAsync(reader))).Message.ShouldContain("are left");
    }

    [Fact]
    public async Task Whatever_comes_is_read_or_refused()
    {
        var random = new Random(7);
        for (var time = 0; time < 2000; time++)
        {
            var bytes = new byte[random.Next(1, 60)];
            for (var place = 0; place < bytes.Length; place++)
            {
                bytes[place] = random.Next(3) == 0 ? (byte)random.Next(256) : (byte)"*$:+-_0123456789\r\n"[random.Next(18)];
            }

            using var reader = new RespReader(new PiecesStream(bytes, 5), Small);
            try
            {
                while (true)
                {
                    await ReadAsync(reader);
                }
            }
            catch (Exception exception) when (exception is RespException or EndOfStreamException)
            {
                // As it should be.
            }
        }
    }

    private static RespReader Reader(string sent, int piece) => new(new PiecesStream(Encoding.UTF8.GetBytes(sent), piece), Small);

    private static ValueTask<RespValue> ReadAsync(RespReader reader) => reader.ReadAsync(Cancel);
}
