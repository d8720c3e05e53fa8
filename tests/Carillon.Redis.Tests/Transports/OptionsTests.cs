using Carillon.Redis.Clients.Internal;
using Carillon.Redis.Transports;
using Carillon.Redis.Transports.Internal;
using Carillon.Transports;
using Microsoft.Extensions.Logging;

namespace Carillon.Redis.Tests.Transports;

public sealed class OptionsTests
{
    [Theory]
    [InlineData("queue", "queue", 6379, false, null, null, 0)]
    [InlineData("queue:7000", "queue", 7000, false, null, null, 0)]
    [InlineData("redis://queue/3", "queue", 6379, false, null, null, 3)]
    [InlineData("rediss://shop:a%40b%3Ac@queue:7000/1", "queue", 7000, true, "shop", "a@b:c", 1)]
    [InlineData("redis://:secret@queue", "queue", 6379, false, null, "secret", 0)]
    [InlineData("[::1]:7000", "::1", 7000, false, null, null, 0)]
    public void A_server_is_read(string server, string host, int port, bool tls, string? user, string? password, int database)
    {
        var address = RedisAddress.Of(new RedisOptions { Server = server });

        (address.Host, address.Port, address.UseTls, address.User, address.Password, address.Database).ShouldBe((host, port, tls, user, password, database));
    }

    [Theory]
    [InlineData("")]
    [InlineData("http://queue")]
    [InlineData("redis://shop:secret@queue:port")]
    [InlineData("redis://shop:secret@queue/name")]
    [InlineData("queue:6379,password=secret")]
    public void A_server_that_cannot_be_read_is_refused_without_a_word_of_it(string server)
    {
        var exception = Should.Throw<CarillonException>(() => new RedisTransport(new RedisOptions { Server = server }));

        exception.Message.ShouldContain("RedisOptions.Server");
        exception.ToString().ShouldNotContain("secret");
    }

    [Fact]
    public void Values_that_cannot_be_are_refused()
    {
        Refused(options => options.Prefix = "a{b").ShouldContain("'a{b'");
        Refused(options => options.MaxWaiting = -1).ShouldContain("-1");
        Refused(options => options.ReceiverLease = TimeSpan.Zero).ShouldContain("ReceiverLease is 00:00:00");
        Refused(options => options.ConnectTimeout = TimeSpan.FromDays(1)).ShouldContain("ConnectTimeout");
        Refused(options => options.CommandTimeout = TimeSpan.Zero).ShouldContain("CommandTimeout");
    }

    [Fact]
    public void A_server_that_forgets_is_warned_of()
    {
        var log = new RecordingLoggerProvider();

        ServerInfo.Of("# Server\r\nredis_version:7.2.4\r\naof_enabled:0\r\nmaxmemory_policy:allkeys-lru\r\nrole:master\r\n").Check("Redis at 'queue:6379'", log.CreateLogger(""));

        log.Entries.Select(entry => entry.Id).ShouldBe([660, 661]);
        log.Entries.ShouldAllBe(entry => entry.Level == LogLevel.Warning && entry.Message.Contains("Redis at 'queue:6379'"));
    }

    [Theory]
    [InlineData("redis_version:6.2.7\r\naof_enabled:1\r\nrole:master", "wants Redis 7.0 or later")]
    [InlineData("redis_version:7.0.15\r\naof_enabled:1\r\nrole:slave", "Name the primary")]
    [InlineData("nothing that is known", "version ''")]
    public void A_server_that_cannot_do_it_is_refused(string info, string because) =>
        Should.Throw<TransportException>(() => ServerInfo.Of(info).Check("Redis at 'queue:6379'", new RecordingLoggerProvider().CreateLogger(""))).Message.ShouldContain(because);

    private static string Refused(Action<RedisOptions> configure)
    {
        var options = new RedisOptions { Server = "queue" };
        configure(options);
        return Should.Throw<CarillonException>(() => new RedisTransport(options)).Message;
    }

    [Fact]
    public async Task A_server_that_is_away_is_told_to_whoever_looks_after_it()
    {
        await using var transport = new RedisTransport(new RedisOptions { Server = "127.0.0.1:1" });

        (await Should.ThrowAsync<TransportException>(async () => await transport.CheckAsync(TestContext.Current.CancellationToken))).Message.ShouldContain("127.0.0.1:1");
    }
}
