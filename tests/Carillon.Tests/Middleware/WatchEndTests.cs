using Carillon.Middleware;
using Carillon.Tests.Transactions;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Tests.Middleware;

/// <summary>A13, B3: what a middleware learns of the unit of work to which a dispatch belongs.</summary>
public sealed class WatchEndTests : UnitsOfWork
{
    private readonly List<string> _told = [];
    private bool? _belongs;

    [Fact]
    public async Task A_dispatch_outside_of_any_tells_nothing()
    {
        await using var application = await WatchAsync();

        await application.Events.DispatchAsync(new Placed(1), Cancellation);

        _belongs.ShouldBe(false);
        _told.ShouldBeEmpty();
    }

    [Fact]
    public async Task One_inside_tells_of_the_commit_when_it_has_happened()
    {
        await using var application = await WatchAsync();

        await using var work = await BeginAsync(application);
        await application.Events.DispatchAsync(new Placed(1), Cancellation);
        _belongs.ShouldBe(true);
        _told.ShouldBeEmpty();
        await work.CommitAsync(Cancellation);

        _told.ShouldBe(["1 AfterCommit", "1 AfterCompletion"]);
    }

    [Fact]
    public async Task What_a_savepoint_takes_back_is_told_as_rolled_back_when_the_whole_has_ended()
    {
        await using var application = await WatchAsync();

        await using var work = await BeginAsync(application);
        await application.Events.DispatchAsync(new Placed(1), Cancellation);
        await using (await work.SavepointAsync(cancellationToken: Cancellation))
        {
            await application.Events.DispatchAsync(new Placed(2), Cancellation);
        }

        _told.ShouldBeEmpty();
        await work.CommitAsync(Cancellation);

        _told.ShouldBe(["1 AfterCommit", "2 AfterRollback", "1 AfterCompletion", "2 AfterCompletion"]);
    }

    [Fact]
    public async Task An_event_that_is_dispatched_outside_the_transaction_or_for_its_results_is_where_it_is()
    {
        await using var application = await WatchAsync();

        await using var work = await BeginAsync(application);
        await application.Events.DispatchAsync(new Placed(1), new DeliveryOptions { OutsideTransaction = true }, Cancellation);
        _belongs.ShouldBe(false);
        (await application.Events.CollectAsync<string>(new Placed(2), Cancellation)).ShouldBeEmpty();
        _belongs.ShouldBe(true);
        await work.RollbackAsync(Cancellation);

        _told.ShouldBe(["2 AfterRollback", "2 AfterCompletion"]);
    }

    [Fact]
    public async Task Who_looks_on_and_throws_changes_nothing_for_the_others()
    {
        await using var application = await StartAsync(carillon => Note(carillon, Delivery.AfterCommit, "after").UseMiddleware((_, next, token) =>
        {
            next.TryWatchEnd(_ => throw new InvalidOperationException());
            return next.InvokeAsync(token);
        }));

        await using var work = await BeginAsync(application);
        await application.Events.DispatchAsync(new Placed(1), Cancellation);
        await work.CommitAsync(Cancellation);

        Ran.ShouldBe(["after 1"]);
    }

    [Fact]
    public async Task A_transaction_that_nobody_reports_is_not_warned_of_for_those_who_only_look_on()
    {
        await using var application = await WatchAsync();

        await using (var scope = application.Services.CreateAsyncScope())
        {
            await using var connection = Database.Open();
            await using var transaction = await connection.BeginTransactionAsync(Cancellation);
            using var joined = scope.ServiceProvider.GetRequiredService<Carillon.Transactions.IUnitOfWorkFactory>().Join(transaction);
            await scope.ServiceProvider.GetRequiredService<IEventDispatcher>().DispatchAsync(new Placed(1), Cancellation);
            await transaction.CommitAsync(Cancellation);
        }

        _belongs.ShouldBe(true);
        application.Log.Entries.ShouldNotContain(entry => entry.Id == 133);
    }

    private Task<Application> WatchAsync() => StartAsync(carillon => carillon.UseMiddleware<Placed>((placed, next, token) =>
    {
        _belongs = next.TryWatchEnd(phase => _told.Add($"{placed.Number} {phase}"));
        return next.InvokeAsync(token);
    }));
}
