using Carillon.EventSourcing;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Stores.Tests.EventSourcing.Applications;

// What belongs to a batch is written with it, or not at all.
public abstract partial class ProjectionTests<TPlace>
{
    [Fact]
    public async Task The_read_model_and_how_far_it_has_come_are_one_transaction()
    {
        var isBroken = true;
        _mishaps.OnFilled = (basket, _) => basket == 2 && isBroken ? throw new InvalidOperationException("the disk burns") : Task.CompletedTask;
        await using var application = await StartAsync(options => options.MaxAttempts = 1);
        await AppendAsync(application, "basket-1", new BasketFilled(1, 3), new BasketFilled(1, 4), new BasketFilled(2, 1), new BasketFilled(1, 5));
        await Should.ThrowAsync<CarillonException>(async () => await WaitAsync(application));

        // What came before the one that failed is there, once, though it was tried together with it; nothing behind it is.
        (await ItemsAsync(1)).ShouldBe(7);
        (await ItemsAsync(2)).ShouldBe(0);
        var failed = await Projections(application).GetAsync("baskets", Cancel);
        (failed.Status, failed.Position, failed.FailedPosition).ShouldBe((ProjectionStatus.Failed, 2, 3));
        failed.Error.ShouldNotBeNull().ShouldContain("the disk burns");
        failed.Error.ShouldContain("'basket.filled' at position 3");
        application.Log.Entries.ShouldContain(entry => entry.Id == 462);

        isBroken = false;
        await Projections(application).ResumeAsync("baskets", cancellationToken: Cancel);
        await WaitAsync(application);

        (await ItemsAsync(1)).ShouldBe(12);
        (await ItemsAsync(2)).ShouldBe(1);
    }

    [Fact]
    public async Task A_large_batch_that_is_read_in_pages_is_one_transaction_too()
    {
        var isBroken = true;
        _mishaps.OnFilled = (basket, _) => basket == 2 && isBroken ? throw new InvalidOperationException("the disk burns") : Task.CompletedTask;
        await using var application = await StartAsync(options => (options.BatchSize, options.MaxAttempts) = (2_500, 1));
        await AppendAsync(application, "basket-1", [.. Enumerable.Repeat(new BasketFilled(1, 1), 2_299), new BasketFilled(2, 1)]);
        await Should.ThrowAsync<CarillonException>(async () => await WaitAsync(application));

        (await ItemsAsync(1)).ShouldBe(2_299);
        var failed = await Projections(application).GetAsync("baskets", Cancel);
        (failed.Status, failed.Position, failed.FailedPosition).ShouldBe((ProjectionStatus.Failed, 2_299, 2_300));

        isBroken = false;
        await Projections(application).ResumeAsync("baskets", cancellationToken: Cancel);
        await WaitAsync(application);

        (await ItemsAsync(2)).ShouldBe(1);
    }

    [Fact]
    public async Task A_commit_that_fails_takes_back_the_read_model_and_how_far_it_has_come_together()
    {
        var fails = 2;
        await using var application = await StartAsync(configure: carillon => carillon.Listen<BasketEmptied>(
            _ =>
            {
                if (fails-- > 0)
                {
                    throw new InvalidOperationException("the disk burns");
                }
            },
            listen => listen.Delivery = Delivery.BeforeCommit));
        // What a projection dispatches belongs to its transaction, and this listener has the last word on the commit.
        _mishaps.OnTaken = async (run, events) =>
        {
            if (run.Event is not null)
            {
                await events.DispatchAsync(new BasketEmptied(9), Cancel);
            }
        };

        await AppendAsync(application, "basket-1", new BasketFilled(1, 3));
        await WaitAsync(application);

        (await ItemsAsync(1)).ShouldBe(3);
        fails.ShouldBeLessThan(0);
    }
}
