using System.Collections.Concurrent;
using System.Threading.Channels;
using Carillon.Redis.Tests.Transports;
using Carillon.Transports;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Redis.Tests.Applications;

/// <summary>The durable listeners of one application, run by its own worker or by workers over Redis: what differs is the configuration.</summary>
public sealed class WorkersTests : IAsyncDisposable
{
    private readonly RedisTransports _place = new();
    private readonly Channel<Seen> _seen = Channel.CreateUnbounded<Seen>();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _place.DisposeAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task One_listener_runs_by_the_applications_own_worker_or_by_one_over_Redis(bool overRedis)
    {
        await using var worker = overRedis ? await WorkerAsync("worker") : null;
        await using var site = overRedis ? await SiteAsync() : await StartAsync(carillon => Listeners(carillon.UseInMemory()), "site");

        await site.Events.DispatchAsync(new PollMade(7, Fails: 2), Cancel);

        (await NextAsync()).ShouldBe(new Seen(overRedis ? "worker" : "site", 7, Attempt: 3));
        _seen.Reader.Count.ShouldBe(0);
    }

    [Fact]
    public async Task What_is_dispatched_while_all_workers_are_away_waits_for_them()
    {
        await using (await WorkerAsync("first"))
        {
        }

        await using var site = await SiteAsync();
        await site.Events.DispatchAsync(new PollMade(7, Fails: 0), Cancel);

        await using var worker = await WorkerAsync("second");
        (await NextAsync()).ShouldBe(new Seen("second", 7, Attempt: 1));
    }

    [Fact]
    public async Task Workers_share_the_work_and_each_event_is_done_once()
    {
        await using var first = await WorkerAsync("first");
        await using var second = await WorkerAsync("second");
        await using var site = await SiteAsync();

        for (var number = 0; number < 200; number++)
        {
            await site.Events.DispatchAsync(new PollMade(number, Fails: 0), Cancel);
        }

        var seen = new List<Seen>();
        while (seen.Count < 200)
        {
            seen.Add(await NextAsync());
        }

        seen.Select(each => each.PollId).Order().ShouldBe(Enumerable.Range(0, 200));
        _seen.Reader.Count.ShouldBe(0);
    }

    [Fact]
    public async Task An_event_that_its_listener_never_takes_is_a_dead_letter_and_comes_again_when_somebody_says_so()
    {
        await using var worker = await StartAsync(
            carillon => UseRedis(carillon)
                .AddEvent<PollMade>()
                .ConfigureRetries(retries => retries.FirstDelay = TimeSpan.Zero)
                .Subscribe("poll.#", subscription => (subscription.Key, subscription.MaxAttempts) = ("workers", 2))
                .Listen<PollMade>((poll, context, _) =>
                {
                    _seen.Writer.TryWrite(new Seen("worker", poll.PollId, context.Attempt));
                    context.Reject("It is too early.");
                    return ValueTask.CompletedTask;
                }),
            "worker");
        await using var site = await SiteAsync();
        await site.Events.DispatchAsync(new PollMade(7, Fails: 0), Cancel);
        (await NextAsync()).Attempt.ShouldBe(1);
        (await NextAsync()).Attempt.ShouldBe(2);

        var letters = worker.Services.GetRequiredService<ITransport>().DeadLetters;
        IReadOnlyList<DeadLetter> found;
        while ((found = await letters.ListAsync("workers", 10, Cancel)).Count == 0)
        {
            await Task.Yield();
        }

        found.ShouldHaveSingleItem().Reason.ShouldBe("It is too early.");
        (await letters.ReplayAsync("workers", null, Cancel)).ShouldBe(1);
        (await NextAsync()).Attempt.ShouldBe(1);
    }

    /// <summary>Written once.</summary>
    private static CarillonBuilder Listeners(CarillonBuilder carillon) => carillon
        .ConfigureRetries(retries => retries.FirstDelay = TimeSpan.Zero)
        .Map(map => map.On<PollMade>().Call<Announcer>((announcer, poll) => announcer.Announce(poll), options => (options.Id, options.Delivery) = ("Announce", Delivery.Durable)));

    // The site has no such listener: its events leave, through its outbox.
    private Task<Application> SiteAsync() => StartAsync(carillon => UseRedis(carillon.UseInMemory()).Publish<PollMade>(), "site");

    private Task<Application> WorkerAsync(string name) => StartAsync(
        carillon => Listeners(UseRedis(carillon.UseInMemory())).Subscribe("poll.#", subscription => subscription.Key = "workers"), name);

    private CarillonBuilder UseRedis(CarillonBuilder carillon) => carillon.UseRedis(redis => (redis.Server, redis.Prefix) = (RedisTransports.Server, _place.Prefix));

    private Task<Application> StartAsync(Action<CarillonBuilder> configure, string name) =>
        Application.StartAsync(configure, services => services.AddSingleton(new Announcer(name, _seen.Writer)));

    private Task<Seen> NextAsync() => _seen.Reader.ReadAsync(Cancel).AsTask().WaitAsync(TimeSpan.FromSeconds(30), Cancel);

    [Event("poll.made")]
    internal sealed record PollMade(int PollId, int Fails);

    internal sealed record Seen(string Where, int PollId, int Attempt);

    internal sealed class Announcer(string where, ChannelWriter<Seen> seen)
    {
        private readonly ConcurrentDictionary<int, int> _attempts = new();

        public void Announce(PollMade poll)
        {
            var attempt = _attempts.AddOrUpdate(poll.PollId, 1, static (_, last) => last + 1);
            if (attempt <= poll.Fails)
            {
                throw new InvalidOperationException("Not yet.");
            }

            seen.TryWrite(new Seen(where, poll.PollId, attempt));
        }
    }
}
