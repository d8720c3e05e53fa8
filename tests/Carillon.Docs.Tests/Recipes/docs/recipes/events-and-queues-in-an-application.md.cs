using System.Threading.Channels;
using Carillon;
using Carillon.Deliveries;
using Carillon.Jobs;
using Carillon.Testing;
using Carillon.Transports;
using Microsoft.AspNetCore.OutputCaching;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Shouldly;

public sealed class Journal
{
    public List<string> Lines { get; } = [];
}

public interface IWordFilter
{
    Task<string> CleanAsync(string text, CancellationToken ct);
}

public interface ISitemap
{
    Task RebuildAsync(CancellationToken ct);
}

public interface IPartnerSite
{
    Task TellAsync(long pollId, CancellationToken ct);
}

public interface IMailer
{
    Task SendAsync(string text, CancellationToken ct);
}

public static class Tests
{
    private static readonly NewPoll Lunch = new("Lunch?", "soup", "salad");

    public static async Task Without_a_transaction_a_failure_leaves_a_poll_without_options(CancellationToken ct)
    {
        await using var site = await Site.StartAsync(ct);

        await Should.ThrowAsync<InvalidOperationException>(() => site.RunAsync(services => Make<PollsAtFirst>(services).CreateAsync(new NewPoll("Lunch?", "soup", "broken"), ct)));

        (await site.CountAsync()).ShouldBe((1, 1));
        site.Others.Done.ShouldBeEmpty();
    }

    public static async Task With_one_it_leaves_nothing(CancellationToken ct)
    {
        await using var site = await Site.StartAsync(ct);

        await Should.ThrowAsync<InvalidOperationException>(() => site.RunAsync(services => Make<PollsInATransaction>(services).CreateAsync(new NewPoll("Lunch?", "soup", "broken"), ct)));
        (await site.CountAsync()).ShouldBe((0, 0));
        await site.RunAsync(services => Make<PollsInATransaction>(services).CreateAsync(Lunch, ct));

        (await site.CountAsync()).ShouldBe((1, 2));
    }

    public static async Task What_is_slow_can_come_before(CancellationToken ct)
    {
        await using var site = await Site.StartAsync(ct);

        await site.RunAsync(services => Make<PollsFilteredFirst>(services).CreateAsync(Lunch, ct));

        (await site.CountAsync()).ShouldBe((1, 2));
    }

    public static async Task Jobs_are_done_later_and_are_there_only_if_the_poll_is(CancellationToken ct)
    {
        await using var site = await Site.StartAsync(ct);

        await site.RunAsync(services => Make<PollsWithJobs>(services).CreateAsync(Lunch, ct));
        site.Others.Done.ShouldBeEmpty();
        await site.Services.DrainDeliveriesAsync(cancellationToken: ct);
        site.Others.Done.ShouldBe(["sitemap", "partner 1"], ignoreOrder: true);

        await site.RunAsync(async services =>
        {
            await using var transaction = await services.GetRequiredService<PollsDb>().Database.BeginTransactionAsync(ct);
            await services.GetRequiredService<IJobs>().PushAsync(new RebuildSitemap(), cancellationToken: ct);
        });
        await site.Services.NoDeliveryAsync(cancellationToken: ct);
    }

    public static async Task The_event_reaches_each_queued_listener_of_the_map_with_a_delivery_of_its_own(CancellationToken ct)
    {
        await using var site = await Site.StartAsync(ct);
        site.Others.PartnerIsDown = true;

        await site.RunAsync(services => Make<Polls>(services).CreateAsync(Lunch, ct));
        site.Others.Done.ShouldBeEmpty();
        await site.Services.DrainDeliveriesAsync(cancellationToken: ct);

        site.Others.Done.ShouldBe(["sitemap", "mail Lunch? soup/salad"], ignoreOrder: true);
        (await site.Services.OnlyDeliveryAsync("PartnerListener", DeliveryState.Scheduled, ct)).Attempts.ShouldBe(1);
        site.Others.PartnerIsDown = false;
        await site.Services.DrainDeliveriesAsync(site.Time.GetUtcNow().AddMinutes(1), cancellationToken: ct);
        site.Others.Done.ShouldContain("partner 1");
    }

    public static async Task Over_a_broker_workers_have_the_same_listeners(CancellationToken ct)
    {
        var broker = Environment.GetEnvironmentVariable("CARILLON_TEST_RABBITMQ")
            ?? throw new InvalidOperationException("CARILLON_TEST_RABBITMQ is not set: let ./test run these tests, or set it to the address of a broker.");
        var exchange = $"recipe-{Guid.NewGuid():N}";
        var others = new Others();
        await using var worker = await Given.StartAsync(
            ct,
            async page =>
            {
                page.Builder!.Configuration["ConnectionStrings:Broker"] = broker;
                await Page.Map(page);
                await Page.Workers(page);
            },
            services => services.AddSingleton<ISitemap>(others).AddSingleton<IPartnerSite>(others),
            carillon => carillon.UseInMemory().UseRabbitMq(options => options.Exchange = exchange));
        await using (var site = await Site.StartAsync(
            ct,
            page =>
            {
                page.Builder!.Configuration["ConnectionStrings:Broker"] = broker;
                page.Carillon!.UseEntityFrameworkCore<PollsDb>();
                return Page.Site(page);
            },
            carillon => carillon.UseRabbitMq(options => options.Exchange = exchange)))
        {
            await site.RunAsync(services => Make<Polls>(services).CreateAsync(Lunch, ct));
            await site.Services.DrainDeliveriesAsync(cancellationToken: ct);
            site.Others.Done.ShouldBeEmpty();
        }

        string[] done = [await others.NextAsync(ct), await others.NextAsync(ct)];
        done.ShouldBe(["sitemap", "partner 1"], ignoreOrder: true);
        await worker.Application!.StopAsync(ct);
        await worker.Get<ITransport>().DeleteSubscriptionAsync("poll-workers", ct);
    }

    public static async Task A_cached_page_is_forgotten_when_its_poll_is_saved_and_not_before(CancellationToken ct)
    {
        await using var site = await Site.StartAsync(ct);
        await site.RunAsync(services => Make<PollsFilteredFirst>(services).CreateAsync(Lunch, ct));
        var pages = site.Services.GetRequiredService<IOutputCacheStore>();
        await pages.SetAsync("/polls/1", [1], ["poll:1"], TimeSpan.FromHours(1), ct);
        await pages.SetAsync("/polls/2", [2], ["poll:2"], TimeSpan.FromHours(1), ct);

        await site.RunAsync(async services =>
        {
            await using var transaction = await services.GetRequiredService<PollsDb>().Database.BeginTransactionAsync(ct);
            await Make<PollTexts>(services).RenameAsync(1, "Never?", ct);
        });
        (await pages.GetAsync("/polls/1", ct)).ShouldNotBeNull();
        await site.RunAsync(services => Make<PollTexts>(services).RenameAsync(1, "Dinner?", ct));

        (await pages.GetAsync("/polls/1", ct)).ShouldBeNull();
        (await pages.GetAsync("/polls/2", ct)).ShouldNotBeNull();
    }

    public static async Task An_event_whose_transaction_is_rolled_back_sends_no_mail(CancellationToken ct)
    {
        await using var site = await Site.StartAsync(ct);

        await site.RunAsync(async services =>
        {
            var db = services.GetRequiredService<PollsDb>();
            await using var transaction = await db.Database.BeginTransactionAsync(ct);
            db.Add(new Poll { Question = "Lunch?" });
            await db.SaveChangesAsync(ct);
            await services.GetRequiredService<IEventDispatcher>().DispatchAsync(new PollCreated(1), ct);
        });

        await site.Services.NoDeliveryAsync(cancellationToken: ct);
        site.Recorder.NoneCommitted<PollCreated>();
        site.Journal.Lines.ShouldBeEmpty();
    }

    public static async Task Saved_and_deleted_rows_are_told_after_the_commit_when_the_poll_is_whole(CancellationToken ct)
    {
        await using var site = await Site.StartAsync(ct);

        await site.RunAsync(services => Make<Polls>(services).CreateAsync(Lunch, ct));
        await site.RunAsync(async services =>
        {
            var db = services.GetRequiredService<PollsDb>();
            db.Remove(await db.Polls.Include(poll => poll.Options).SingleAsync(ct));
            await db.SaveChangesAsync(ct);
        });

        site.Journal.Lines.ShouldBe(["saved, with 2 options", "deleted"]);
    }

    public static async Task A_listener_sees_the_option_that_was_just_added_since_it_looks_when_it_runs(CancellationToken ct)
    {
        await using var site = await Site.StartAsync(ct);
        await site.RunAsync(services => Make<PollsInATransaction>(services).CreateAsync(Lunch, ct));

        await site.RunAsync(services => Make<OptionService>(services).AddAsync(1, "bread", ct));
        await site.Services.DrainDeliveriesAsync(cancellationToken: ct);

        site.Others.Done.ShouldBe(["mail 3 options"]);
        await Should.ThrowAsync<InvalidOperationException>(() => site.RunAsync(services => Make<OptionService>(services).AddAsync(1, "wine", ct)));
    }

    public static async Task A_reference_loads_the_poll_fresh(CancellationToken ct)
    {
        await using var site = await Site.StartAsync(ct);
        await site.RunAsync(services => Make<PollsInATransaction>(services).CreateAsync(Lunch, ct));

        await site.RunAsync(async services =>
        {
            var db = services.GetRequiredService<PollsDb>();
            var poll = await db.Polls.SingleAsync(ct);
            await services.GetRequiredService<IEventDispatcher>().DispatchAsync(new PollClosed(new EntityRef<Poll>(1)), ct);
            poll.Question = "Dinner?";
            await db.SaveChangesAsync(ct);
        });
        await site.Services.DrainDeliveriesAsync(cancellationToken: ct);

        site.Journal.Lines.ShouldContain("closed: Dinner?");
    }

    private static T Make<T>(IServiceProvider services) => ActivatorUtilities.CreateInstance<T>(services);

    private sealed class Others : IWordFilter, ISitemap, IPartnerSite, IMailer
    {
        private readonly Channel<string> _done = Channel.CreateUnbounded<string>();

        public bool PartnerIsDown { get; set; }

        public List<string> Done { get; } = [];

        public Task<string> NextAsync(CancellationToken ct) => _done.Reader.ReadAsync(ct).AsTask().WaitAsync(TimeSpan.FromSeconds(30), ct);

        public Task<string> CleanAsync(string text, CancellationToken ct) => text == "broken" ? throw new InvalidOperationException("The filter is down.") : Task.FromResult(text);

        public Task RebuildAsync(CancellationToken ct) => Do("sitemap");

        public Task TellAsync(long pollId, CancellationToken ct) => PartnerIsDown ? throw new TimeoutException() : Do($"partner {pollId}");

        public Task SendAsync(string text, CancellationToken ct) => Do($"mail {text}");

        private Task Do(string what)
        {
            Done.Add(what);
            _done.Writer.TryWrite(what);
            return Task.CompletedTask;
        }
    }

    /// <summary>The site with a database of its own.</summary>
    private sealed class Site(Given given, Others others, string file, CancellationToken ct) : IAsyncDisposable
    {
        public Others Others => others;

        public IServiceProvider Services => given.Application!.Services;

        public Journal Journal => given.Get<Journal>();

        public EventRecorder Recorder => given.Get<EventRecorder>();

        public SimulatedTime Time => (SimulatedTime)given.Get<TimeProvider>();

        public static Task<Site> StartAsync(CancellationToken ct) => StartAsync(
            ct,
            async page =>
            {
                page.Carillon!.AddListeners();
                await Page.Map(page);
                await Page.EntityEvents(page);
                await Page.Caches(page);
            });

        public static async Task<Site> StartAsync(CancellationToken ct, Func<Given, Task> configure, Action<CarillonBuilder>? test = null)
        {
            var others = new Others();
            var file = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"carillon-{Guid.NewGuid():N}.db");
            var connection = $"Data Source={file};Pooling=false";
            var given = await Given.StartAsync(
                ct,
                configure,
                services => services
                    .AddDbContext<PollsDb>(options => options.UseSqlite(connection))
                    .AddSingleton<Journal>()
                    .AddSingleton<IWordFilter>(others)
                    .AddSingleton<ISitemap>(others)
                    .AddSingleton<IPartnerSite>(others)
                    .AddSingleton<IMailer>(others)
                    .AddCarillon(carillon => carillon.UseSqlite(connection)),
                carillon =>
                {
                    carillon.UseSimulatedTime(new SimulatedTime()).RecordEvents().RunDeliveriesByHand();
                    test?.Invoke(carillon);
                });
            var site = new Site(given, others, file, ct);
            await site.RunAsync(services => services.GetRequiredService<PollsDb>().Database.ExecuteSqlRawAsync(services.GetRequiredService<PollsDb>().Database.GenerateCreateScript(), ct));
            return site;
        }

        public async Task RunAsync(Func<IServiceProvider, Task> work)
        {
            await using var scope = Services.CreateAsyncScope();
            await work(scope.ServiceProvider);
        }

        public async Task<(int Polls, int Options)> CountAsync()
        {
            await using var scope = Services.CreateAsyncScope();
            var db = scope.ServiceProvider.GetRequiredService<PollsDb>();
            return (await db.Polls.CountAsync(ct), await db.Options.CountAsync(ct));
        }

        public async ValueTask DisposeAsync()
        {
            await given.DisposeAsync();
            foreach (var each in new[] { file, $"{file}-wal", $"{file}-shm" })
            {
                System.IO.File.Delete(each);
            }
        }
    }
}
