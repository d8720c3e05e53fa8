using System.Text;
using Carillon.Redis.Clients.Internal;
using Carillon.Redis.Transports;
using Carillon.Transports;

namespace Carillon.Redis.Tests.Transports;

/// <summary>Who is let in, and how.</summary>
public sealed class AccessTests : IAsyncDisposable
{
    private const string Secret = "not/to be@seen";

    // As docs/redis.md says.
    private static readonly string[] Rights = ["+@connection", "+info", "+eval", "+evalsha", "+@stream", "+@hash", "+@list", "+@sortedset", "+time", "+unlink", "+pexpire", "+exists"];

    private readonly RedisTransports _place = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _place.DisposeAsync();

    [Fact]
    public async Task A_user_with_the_rights_that_the_documentation_lists_can_do_everything()
    {
        var user = $"user-{_place.Prefix}";
        await RightsAsync(user, [$"~{{{_place.Prefix}}}*", .. Rights]);
        await using var transport = await _place.OpenAsync(options => (options.User, options.Password) = (user, Secret));
        var seen = new SemaphoreSlim(0);
        foreach (var key in (string?[])["all", null])
        {
            await using (await transport.SubscribeAsync(new TransportSubscription { Patterns = ["#"], Key = key, Ordered = true }, (incoming, _) =>
            {
                seen.Release();
                return new(incoming.Attempt == 1 ? ReceiveOutcome.RetryAfter(TimeSpan.Zero, "once more") : ReceiveOutcome.DeadLetter("broken"));
            }, Cancel))
            {
                await transport.PublishAsync(Outgoing(), Cancel);
                await transport.PublishAsync(Outgoing(), Cancel);
                for (var time = 0; time < 4; time++)
                {
                    await seen.WaitAsync(TimeSpan.FromSeconds(30), Cancel);
                }
            }
        }

        (await transport.DeadLetters.ReplayAsync("all", null, Cancel)).ShouldBe(2);
        (await transport.DeadLetters.DiscardAsync("all", null, Cancel)).ShouldBe(0);
        (await transport.DeleteSubscriptionAsync("all", Cancel)).ShouldBeTrue();
        await RedisTransports.SendAsync(new RedisCommand("ACL").Add("DELUSER").Add(user));
    }

    [Fact]
    public async Task A_user_without_the_right_is_told_which_and_what_to_do()
    {
        var user = $"user-{_place.Prefix}";
        await RightsAsync(user, ["~other*", .. Rights]);
        await using var transport = await _place.OpenAsync(options => (options.User, options.Password) = (user, Secret));

        var exception = await Should.ThrowAsync<TransportException>(async () => await transport.PublishAsync(Outgoing(), Cancel));

        exception.Message.ShouldStartWith("Could not publish 'poll.created': Redis at '127.0.0.1:");
        exception.Message.ShouldContain("NOPERM");
        exception.Message.ShouldContain("Give the user the right");
        await RedisTransports.SendAsync(new RedisCommand("ACL").Add("DELUSER").Add(user));
    }

    [Fact]
    public async Task A_wrong_password_is_told_of_and_not_shown()
    {
        await using var transport = _place.Create(options => options.Server = $"redis://nobody:{Uri.EscapeDataString(Secret)}@{RedisTransports.Server}");

        var exception = await Should.ThrowAsync<TransportException>(async () => await transport.PrepareAsync(Cancel));

        exception.Message.ShouldContain("WRONGPASS");
        exception.Message.ShouldContain("See RedisOptions.User and Password.");
        $"{exception} {transport.Description}".ShouldNotContain("seen");
    }

    [Fact]
    public async Task A_server_that_wants_a_password_says_so_at_the_start()
    {
        await using var server = await RedisServer.StartAsync("--requirepass secret");
        await using var without = new RedisTransport(new RedisOptions { Server = server.Address });
        (await Should.ThrowAsync<TransportException>(async () => await without.PrepareAsync(Cancel))).Message.ShouldContain("Set RedisOptions.Password");

        await using var with = new RedisTransport(new RedisOptions { Server = server.Address, Password = "secret", Database = 3 });
        await with.PrepareAsync(Cancel);
        with.Description.ShouldBe($"Redis at '{server.Address}', database 3");
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_told_of()
    {
        await using var transport = _place.Create(options => options.Server = "127.0.0.1:1");

        var exception = await Should.ThrowAsync<TransportException>(async () => await transport.PrepareAsync(Cancel));

        exception.Message.ShouldContain("Redis at '127.0.0.1:1'");
        exception.Message.ShouldContain("See that the server runs");
    }

    private static async Task RightsAsync(string user, string[] rights) =>
        await RedisTransports.SendAsync(rights.Aggregate(new RedisCommand("ACL").Add("SETUSER").Add(user).Add("on").Add($">{Secret}"), static (sum, right) => sum.Add(right)));

    private static OutgoingEvent Outgoing() => new()
    {
        EventName = "poll.created",
        Id = Guid.CreateVersion7(),
        Key = "a",
        ContentType = "application/json",
        Headers = [],
        Body = Encoding.UTF8.GetBytes("{}"),
    };
}
