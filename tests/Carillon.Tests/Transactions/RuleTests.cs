using Carillon.Listeners;
using Carillon.Tracing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Carillon.Tests.Transactions;

public sealed class RuleTests : UnitsOfWork
{
    [Fact] // "a setting makes a durable dispatch outside a unit of work an error"
    public async Task Where_a_unit_of_work_is_required_a_durable_dispatch_outside_of_one_is_an_error()
    {
        await using var application = await StartAsync(carillon => carillon.RequireUnitOfWork()
            .Listen<Placed>(_ => { }, In(Delivery.Durable, "ship"))
            .Listen<Counted>(_ => Ran.Add("inline")));

        var error = await Should.ThrowAsync<CarillonException>(async () => await application.Events.DispatchAsync(new Placed(1), Cancellation));

        error.Message.ShouldContain("'order.placed'");
        error.Message.ShouldContain("'ship'");
        error.Message.ShouldContain("OutsideTransaction");
        (await CountDeliveriesAsync()).ShouldBe(0);
        await application.Events.DispatchAsync(new Counted(1), Cancellation);
        Ran.ShouldBe(["inline"]);
    }

    [Fact]
    public async Task Where_it_is_required_a_dispatch_inside_one_or_said_to_be_outside_is_fine()
    {
        await using var application = await StartAsync(carillon => carillon.RequireUnitOfWork().Listen<Placed>(_ => { }, In(Delivery.Durable, "ship")));
        await application.Events.DispatchAsync(new Placed(1), new DeliveryOptions { OutsideTransaction = true }, Cancellation);
        await using var work = await BeginAsync(application);
        await application.Events.DispatchAsync(new Placed(2), Cancellation);
        await work.CommitAsync(Cancellation);

        (await CountDeliveriesAsync()).ShouldBe(2);
    }

    [Fact] // conformance 222
    public async Task A_dispatch_outside_the_transaction_is_stored_at_once_and_outlives_its_rollback()
    {
        await using var application = await StartAsync(carillon => AllPhases(carillon).Listen<Placed>(_ => { }, In(Delivery.Durable, "ship")));
        await using (var work = await BeginAsync(application))
        {
            work.Defer();
            await application.Events.DispatchAsync(new Placed(1), new DeliveryOptions { OutsideTransaction = true }, Cancellation);
            Ran.ShouldBe(["before 1", "after 1", "completion 1"]);
        }

        (await CountDeliveriesAsync()).ShouldBe(1);
    }

    [Fact] // a store with one writer would wait for the unit of work, and that for the store
    public async Task A_dispatch_outside_the_transaction_is_refused_where_the_unit_of_work_holds_the_store()
    {
        Store.Turn = new MemoryStream();
        await using var application = await StartAsync(carillon => carillon.Listen<Placed>(_ => { }, In(Delivery.Durable, "ship")));
        await using var work = await BeginAsync(application);

        var error = await Should.ThrowAsync<CarillonException>(
            async () => await application.Events.DispatchAsync(new Placed(1), new DeliveryOptions { OutsideTransaction = true }, Cancellation));

        error.Message.ShouldContain("one writer at a time");
    }

    [Fact] // "trace and debug log of the dispatch say which of the two happened"
    public async Task Log_and_trace_say_whether_deliveries_belong_to_a_unit_of_work()
    {
        await using var application = await StartAsync(carillon => carillon.UseTracing()
            .Listen<Placed>(_ => { }, In(Delivery.Durable, "ship"))
            .Listen<Counted>(_ => { }));
        await application.Events.DispatchAsync(new Placed(1), Cancellation);
        await using var work = await BeginAsync(application);
        await application.Events.DispatchAsync(new Placed(2), Cancellation);
        await application.Events.DispatchAsync(new Counted(3), Cancellation);
        await work.CommitAsync(Cancellation);

        application.Services.GetRequiredService<IDispatchTrace>().Dispatches.Where(each => each.EventName.StartsWith("order.", StringComparison.Ordinal))
            .Select(each => each.InUnitOfWork).ShouldBe([false, true, null]);
        application.Log.Entries.Where(entry => entry.Id is 130 or 131).Select(entry => (entry.Id, entry.Level))
            .ShouldBe([(131, LogLevel.Debug), (130, LogLevel.Debug)]);
    }

    [Theory] // B4
    [InlineData(Delivery.Inline)]
    [InlineData(Delivery.BeforeCommit)]
    public async Task A_listener_that_is_slow_inside_an_open_transaction_is_warned_about(Delivery delivery)
    {
        await using var application = await StartAsync(carillon => carillon.Listen<Placed>(_ => Time.Advance(TimeSpan.FromSeconds(1)), In(delivery, "slow")));
        await using var work = await BeginAsync(application);
        await application.Events.DispatchAsync(new Placed(1), Cancellation);
        await work.CommitAsync(Cancellation);

        var warning = application.Log.Entries.Single(entry => entry.Id == 18);
        warning.Level.ShouldBe(LogLevel.Warning);
        warning.Message.ShouldStartWith("slow took 00:00:01 on order.placed");
    }

    [Fact]
    public async Task One_that_completes_later_is_measured_to_its_end()
    {
        var gate = new TaskCompletionSource();
        await using var application = await StartAsync(carillon => carillon.Listen<Placed>(async _ => await gate.Task, options => options.Id = "slow"));
        await using var work = await BeginAsync(application);
        var running = application.Events.DispatchAsync(new Placed(1), Cancellation);
        Time.Advance(TimeSpan.FromSeconds(2));
        gate.SetResult();
        await running;

        application.Log.Entries.ShouldContain(entry => entry.Id == 18);
    }

    [Fact]
    public async Task Neither_a_quick_one_nor_one_outside_nor_one_of_a_later_phase_is_warned_about()
    {
        await using var application = await StartAsync(carillon => carillon
            .Listen<Placed>(_ => Time.Advance(TimeSpan.FromMilliseconds(900)))
            .Listen<Counted>(_ => Time.Advance(TimeSpan.FromSeconds(5)))
            .Listen<Placed>(_ => Time.Advance(TimeSpan.FromSeconds(5)), In(Delivery.AfterCommit)));
        await application.Events.DispatchAsync(new Counted(1), Cancellation);
        await using var work = await BeginAsync(application);
        await application.Events.DispatchAsync(new Placed(1), Cancellation);
        await work.CommitAsync(Cancellation);
        await application.Events.DispatchAsync(new Counted(2), Cancellation);

        application.Log.Entries.ShouldNotContain(entry => entry.Id == 18);
    }

    [Theory]
    [InlineData(5_000, 1)]
    [InlineData(15_000, 0)]
    [InlineData(-1, 0)]
    public async Task What_is_slow_is_said_in_the_options(int milliseconds, int warnings)
    {
        await using var application = await StartAsync(carillon => carillon
            .WarnOfSlowListeners(TimeSpan.FromMilliseconds(milliseconds))
            .Listen<Placed>(_ => Time.Advance(TimeSpan.FromSeconds(10))));
        await using var work = await BeginAsync(application);
        await application.Events.DispatchAsync(new Placed(1), Cancellation);

        application.Log.Entries.Count(entry => entry.Id == 18).ShouldBe(warnings);
    }

    [Fact]
    public void A_limit_of_nothing_is_refused() =>
        Should.Throw<ArgumentOutOfRangeException>(() => new ServiceCollection().AddCarillon(carillon => carillon.WarnOfSlowListeners(TimeSpan.Zero)));

    [Fact] // listeners that come while a transaction is open take part at once
    public async Task Plans_inside_a_transaction_see_listeners_come_and_go()
    {
        await using var application = await StartAsync(carillon => carillon.Listen<Placed>(_ => Ran.Add("first")));
        await using var work = await BeginAsync(application);
        await application.Events.DispatchAsync(new Placed(1), Cancellation);
        using (application.Services.GetRequiredService<IListenerRegistry>().Listen<Placed>(_ => Ran.Add("second")))
        {
            await application.Events.DispatchAsync(new Placed(2), Cancellation);
        }

        await application.Events.DispatchAsync(new Placed(3), Cancellation);

        Ran.ShouldBe(["first", "first", "second", "first"]);
    }
}
