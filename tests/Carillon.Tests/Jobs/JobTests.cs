using Carillon.Deliveries;
using Carillon.Jobs;
using Carillon.Listeners;
using Carillon.Scheduling;
using Carillon.Testing;
using Carillon.Tests.Deliveries;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Tests.Jobs;

public sealed class JobTests : DeliveriesByHand
{
    private readonly List<(string Handler, string Text, DateTimeOffset At)> _done = [];

    [Fact] // B6
    public async Task A_job_is_done_by_its_handler_in_a_process_that_has_room_and_not_where_it_is_pushed()
    {
        await using var application = await StartAsync(carillon => carillon.HandleJob<Print>(Do));

        var receipt = await PushAsync(application, new Print("page"));

        receipt.ShouldBe(new DeliveryReceipt(1, "page.print", IsDuplicate: false));
        _done.ShouldBeEmpty();
        (await application.Services.DrainDeliveriesAsync(cancellationToken: Cancellation)).ShouldBe(1);
        _done.ShouldHaveSingleItem().Text.ShouldBe("page");
    }

    [Fact] // B6
    public async Task A_job_waits_for_its_time_or_for_a_while_and_survives_a_restart()
    {
        var start = Time.GetUtcNow();
        await using (var before = await StartAsync(carillon => carillon.HandleJob<Print>(Do)))
        {
            await PushAsync(before, new Print("tomorrow"), new DeliveryOptions { DueAt = start.AddDays(1) });
            await PushAsync(before, new Print("soon"), new DeliveryOptions { Delay = TimeSpan.FromMinutes(5) });
            await PushAsync(before, new Print("past"), new DeliveryOptions { DueAt = start.AddDays(-1) });
        }

        await using var application = await StartAsync(carillon => carillon.HandleJob<Print>(Do));
        for (var step = 0; step <= 25 * 12; step++)
        {
            await application.Services.DrainDeliveriesAsync(cancellationToken: Cancellation);
            Time.Advance(TimeSpan.FromMinutes(5));
        }

        _done.Select(each => (each.Text, each.At - start)).ShouldBe([("past", TimeSpan.Zero), ("soon", TimeSpan.FromMinutes(5)), ("tomorrow", TimeSpan.FromDays(1))]);
    }

    [Fact] // B6
    public async Task A_job_that_fails_is_tried_again_as_often_as_its_handler_says_and_kept_as_failed()
    {
        var attempts = 0;
        await using var application = await StartAsync(carillon => carillon
            .ConfigureRetries(retries => retries.FirstDelay = TimeSpan.Zero)
            .HandleJob<Print>((_, _) => throw new InvalidOperationException($"no paper {++attempts}"), options => (options.MaxAttempts, options.Queue) = (3, "printer")));
        var receipt = await PushAsync(application, new Print("page"));

        await application.Services.DrainDeliveriesAsync(cancellationToken: Cancellation);

        attempts.ShouldBe(3);
        var failed = (await ListAsync()).ShouldHaveSingleItem();
        (failed.Id, failed.State, failed.Queue).ShouldBe((receipt!.Id, DeliveryState.Failed, "printer"));
        failed.Error!.ShouldContain("no paper 3");
    }

    [Fact] // Conformance 447, 398
    public async Task An_equal_job_is_left_out_and_the_caller_is_told_another_one_is_not_affected()
    {
        await using var application = await StartAsync(carillon => carillon
            .HandleJob<Print>(Do, options => options.Unique = new ListenerUniqueness()));
        var first = await PushAsync(application, new Print("page"));

        var second = await PushAsync(application, new Print("page"));
        var other = await PushAsync(application, new Print("cover"));

        second.ShouldBe(first! with { IsDuplicate = true });
        other!.IsDuplicate.ShouldBeFalse();
        await application.Services.DrainDeliveriesAsync(cancellationToken: Cancellation);
        _done.Select(each => each.Text).ShouldBe(["page", "cover"]);
        (await PushAsync(application, new Print("page")))!.IsDuplicate.ShouldBeFalse();
    }

    [Fact] // Conformance 398
    public async Task A_job_can_be_cancelled_by_its_id()
    {
        await using var application = await StartAsync(carillon => carillon.HandleJob<Print>(Do));
        var receipt = await PushAsync(application, new Print("page"), new DeliveryOptions { Delay = TimeSpan.FromHours(1) });

        (await application.Services.GetRequiredService<IDeliveries>().CancelAsync(receipt!.Id, Cancellation)).ShouldBe(CancelResult.Cancelled);

        Time.Advance(TimeSpan.FromHours(2));
        (await application.Services.DrainDeliveriesAsync(cancellationToken: Cancellation)).ShouldBe(0);
    }

    [Fact]
    public async Task A_handler_can_be_a_class_of_its_own()
    {
        await using var application = await Application.StartAsync(
            carillon => carillon.UseStore(_ => Store).UseSimulatedTime(Time).RunDeliveriesByHand().AddJobHandler<Printer, Print>(options => options.MaxPerKey = 1),
            services => services.AddSingleton(_done));

        (await PushAsync(application, new Print("page")))!.ListenerId.ShouldBe("Printer");
        await application.Services.DrainDeliveriesAsync(cancellationToken: Cancellation);

        _done.ShouldHaveSingleItem().Handler.ShouldBe("class");
    }

    [Fact]
    public async Task What_a_job_pushes_and_dispatches_has_it_as_its_cause()
    {
        var causes = new List<Guid?>();
        await using var application = await StartAsync(carillon => carillon
            .HandleJob<Print>(async (_, context, token) => await context.Dispatcher.DispatchAsync(new NumberCounted(1), token))
            .Listen<NumberCounted>(
                (_, context, _) =>
                {
                    causes.Add(context.Envelope!.CausationId);
                    return ValueTask.CompletedTask;
                },
                Durable("counting")));
        await PushAsync(application, new Print("page"));
        var job = await Store.FindAsync(1, Time.GetUtcNow(), Cancellation);

        await application.Services.DrainDeliveriesAsync(cancellationToken: Cancellation);

        causes.ShouldBe([job!.Envelope.Id]);
    }

    [Fact]
    public async Task A_job_reaches_no_listener_and_whoever_dispatches_it_is_told_to_push_it()
    {
        var heard = 0;
        await using var application = await StartAsync(carillon => carillon.HandleJob<Print>(Do).Listen<object>(_ => heard++));
        await PushAsync(application, new Print("page"));
        await application.Services.DrainDeliveriesAsync(cancellationToken: Cancellation);
        object job = new Print("page");

        var error = await Should.ThrowAsync<CarillonException>(async () => await application.Events.DispatchObjectAsync(job, Cancellation));
        var scheduled = await Should.ThrowAsync<CarillonException>(async () =>
            await application.Scope.GetRequiredService<IEventScheduler>().ScheduleAsync(job, TimeSpan.Zero, Cancellation));

        heard.ShouldBe(0);
        error.Message.ShouldContain("IJobs.PushAsync(job)");
        scheduled.Message.ShouldContain("IJobs.PushAsync(job");
    }

    [Fact]
    public async Task A_job_without_a_handler_two_handlers_or_a_listener_stops_the_start()
    {
        var error = await Should.ThrowAsync<CarillonConfigurationException>(async () => await StartAsync(carillon => carillon
            .HandleJob<Print>(Do)
            .HandleJob<Print>(Do, options => options.Id = "second")
            .HandleJob<IJob>(_ => { }, options => options.Id = "all")
            .Listen<Print>(_ => { }, options => options.Id = "listening")
            .AddEvent<Bind>()));

        error.Problems.Count.ShouldBe(4);
        error.Message.ShouldContain("has two handlers, 'page.print' and 'second'");
        error.Message.ShouldContain("The handler 'all' takes 'Carillon.IJob'");
        error.Message.ShouldContain("The listener 'listening' listens to the job");
        error.Message.ShouldContain("The job 'bind' (Carillon.Tests.Jobs.JobTests+Bind) has no handler");
    }

    [Fact]
    public async Task A_job_that_nobody_here_can_do_is_refused_where_it_is_pushed()
    {
        await using var application = await StartAsync(carillon => carillon.HandleJob<Print>(Do));

        var error = await Should.ThrowAsync<CarillonException>(async () => await PushAsync(application, new Bind()));

        error.Message.ShouldContain("HandleJob<Bind>(...)");
        await Should.ThrowAsync<ArgumentException>(async () =>
            await PushAsync(application, new Print("page"), new DeliveryOptions { DueAt = Time.GetUtcNow(), Delay = TimeSpan.Zero }));
    }

    [Fact]
    public async Task Without_a_store_a_handler_stops_the_start()
    {
        var error = await Should.ThrowAsync<CarillonConfigurationException>(async () =>
            await Application.StartAsync(carillon => carillon.HandleJob<Print>(Do)));

        error.Message.ShouldContain("there is no delivery store");
    }

    [Fact] // Conformance 380
    public async Task A_schedule_pushes_a_job_and_leaves_its_times_out_while_the_one_before_waits_for_its_next_attempt()
    {
        var failures = 1;
        await using var application = await StartAsync(carillon => carillon
            .HandleJob<Print>((job, _) => failures-- > 0 ? throw new InvalidOperationException("no paper") : Do(job, default))
            .ConfigureRetries(retries => retries.FirstDelay = TimeSpan.FromMinutes(15))
            .ConfigureRetries(retries => retries.MaxDelay = TimeSpan.FromMinutes(15))
            .AddSchedule("printing", Schedules.Every(TimeSpan.FromMinutes(10)), context => new Print($"{context.At:HH:mm}"), options => options.SkipWhileRunning = true));

        for (var minute = 0; minute <= 40; minute++)
        {
            await application.Services.DrainDeliveriesAsync(cancellationToken: Cancellation);
            Time.Advance(TimeSpan.FromMinutes(1));
        }

        _done.Select(each => each.Text).ShouldBe(["12:10", "12:30", "12:40"]);
    }

    private static async Task<DeliveryReceipt?> PushAsync(Application application, IJob job, DeliveryOptions? options = null) =>
        await application.Scope.GetRequiredService<IJobs>().PushAsync(job, options, Cancellation);

    private Task<Application> StartAsync(Func<CarillonBuilder, CarillonBuilder> configure) => StartAsync(carillon => { _ = configure(carillon); });

    private Task Do(Print job, CancellationToken cancellationToken)
    {
        _done.Add(("lambda", job.Text, Time.GetUtcNow()));
        return Task.CompletedTask;
    }

    [Event("page.print")]
    private sealed record Print(string Text) : IJob;

    private sealed record Bind : IJob;

    private sealed class Printer(List<(string Handler, string Text, DateTimeOffset At)> done) : IJobHandler<Print>
    {
        public ValueTask HandleAsync(Print job, CancellationToken cancellationToken)
        {
            done.Add(("class", job.Text, default));
            return ValueTask.CompletedTask;
        }
    }
}
