using Carillon;
using Carillon.Deliveries;
using Carillon.Dispatch;
using Carillon.Events;
using Carillon.Listeners;
using Carillon.Operations;
using Carillon.Testing;
using Shouldly;

public static class Tests
{
    public static async Task A_dispatcher_is_made_of_a_provider_and_a_base_class_is_heard(CancellationToken ct)
    {
        await Page.Compose(new Given { Cancellation = ct });

        var b = new B();
        (await EventDispatchers.Create(new NightShift(new SimulatedTime(new DateTimeOffset(2030, 1, 1, 2, 0, 0, TimeSpan.Zero)))).DispatchAsync(b, ct)).ShouldBeSameAs(b);
        b.Seen.ShouldBe(["night shift"]);
    }

    public static async Task Who_has_no_right_saves_nothing(CancellationToken ct)
    {
        await using var given = await StartAsync(ct);
        given.Get<Visitor>().Name = "grace";
        var articles = new Articles(given.Events!);

        (await Should.ThrowAsync<OperationVetoedException>(async () => await articles.SaveAsync(new SaveArticle("ada", "Engines"), ct))).Message.ShouldContain("grace does not write for ada.");
        given.Get<EventRecorder>().None<ArticleSaved>();
        await articles.SaveAsync(new SaveArticle("grace", "Compilers"), ct);

        given.Get<EventRecorder>().Only<ArticleSaved>().Title.ShouldBe("Compilers");
    }

    public static async Task A_listener_for_whom_the_user_has_no_right_is_left_out(CancellationToken ct)
    {
        await using var given = await StartAsync(ct, Page.ByRight);

        await given.Events!.DispatchAsync(new ArticleRead("Engines"), ct);
        given.Get<ActivityLog>().Lines.ShouldBe(["ArticleRead"]);
        given.Get<Visitor>().IsAdmin = true;
        await given.Events!.DispatchAsync(new ArticleRead("Engines"), ct);

        given.Get<ActivityLog>().Lines.ShouldBe(["ArticleRead", "ArticleRead", "audited"], ignoreOrder: true);
    }

    public static async Task What_is_written_comes_back_as_it_was(CancellationToken ct) => await Page.Survive(new Given { Cancellation = ct });

    public static async Task The_emitter_gets_its_event_back_as_listeners_have_changed_it(CancellationToken ct)
    {
        await using var given = await StartAsync(ct);
        var page = new PageRequested("/");

        (await given.Events!.DispatchAsync(page, ct)).ShouldBeSameAs(page);

        page.Headers.ShouldBe(["X-Frame-Options: DENY", "Cache-Control: public"]);
        await Page.Mutate(given);
    }

    public static async Task An_event_that_is_done_reaches_no_further_listener_and_one_that_was_done_before_reaches_none(CancellationToken ct)
    {
        await using var given = await StartAsync(ct);

        await Page.Stop(given);

        given.Get<EventRecorder>().Calls.Where(call => call.ListenerId.StartsWith("Site", StringComparison.Ordinal)).Select(call => call.ListenerId)
            .ShouldBe(["Site.FromCache", "Site.FromCache", "Site.Render"]);
    }

    public static async Task A_listener_of_an_interface_or_of_everything_hears_what_fits_and_returns_nothing_that_counts(CancellationToken ct)
    {
        await using var given = await StartAsync(ct);

        await Page.Interfaces(given);

        given.Get<ActivityLog>().Lines.ShouldBe(["ada was here", "ArticleSaved", "ArticleRead"]);
    }

    public static async Task Who_defers_works_on_a_copy(CancellationToken ct)
    {
        await using var given = await StartAsync(ct);
        var draft = new DraftSent(["ada", "grace"]);

        await given.Events!.DispatchAsync(draft, ct);
        await given.Application!.Services.DrainDeliveriesAsync(cancellationToken: ct);

        given.Get<ActivityLog>().Lines.Where(line => line != "DraftSent").ShouldBe(["reminded", "2 reviewers"], ignoreOrder: true);
        draft.Reviewers.Count.ShouldBe(2);
    }

    public static async Task An_exception_stops_the_rest_and_reaches_the_emitter_as_it_is_whoever_looks_at_it_on_its_way(CancellationToken ct)
    {
        await using var given = await StartAsync(ct);

        var error = await Should.ThrowAsync<ArgumentOutOfRangeException>(async () => await given.Events!.DispatchAsync(new OrderWeighed(-1), ct));

        error.ActualValue.ShouldBe(-1);
        given.Get<ActivityLog>().Lines.ShouldNotContain("priced");
        await given.Events!.DispatchAsync(new OrderWeighed(1), ct);
        given.Get<ActivityLog>().Lines.ShouldContain("priced");
    }

    public static async Task Providers_are_put_around_each_other(CancellationToken ct)
    {
        await using var given = await StartAsync(ct, Page.Providers);

        (await given.Events!.DispatchAsync(new DraftOpened(), ct)).Heard.ShouldBe(["dedicated"]);
        var poll = new Poll();
        await given.Events!.DispatchAsync(new PollSaving(poll), ct);
        poll.IsChecked.ShouldBeTrue();
        await given.Events!.DispatchAsync(new ArticleRead("Engines"), ct);
        given.Get<ActivityLog>().Lines.ShouldNotContain("audited");
    }

    private static Task<Given> StartAsync(CancellationToken ct, Func<Given, Task>? configure = null) => Given.StartAsync(
        ct,
        configure ?? Page.Log,
        services => services.AddSingleton<ActivityLog>().AddScoped<Visitor>().AddCarillon(carillon => carillon.AddListeners().UseInMemory()),
        carillon =>
        {
            carillon.RecordEvents().RunDeliveriesByHand();
            if (configure is null)
            {
                carillon.UseProvider((_, own) => new Carillon.Listeners.Providers.FilteringProvider(own, (listener, _) => listener.Id != "Admin.Audit"));
            }
        });
}
