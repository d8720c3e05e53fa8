using Carillon.Deliveries;

namespace Carillon.Conformance;

/// <summary>Pages, forward and backward, while deliveries come and go.</summary>
public abstract class PagingTests<TStores> : DeliveryStoreTests<TStores>
    where TStores : TestStores, new()
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Page_follows_page_to_the_end(bool oldestFirst) // 229
    {
        await AddManyAsync(25);

        var pages = await ReadPagesAsync(new DeliveryQuery { OldestFirst = oldestFirst, PageSize = 10 });

        pages.Select(page => page.Count).ShouldBe([10, 10, 5]);
        var ids = Enumerable.Range(1, 25).Select(id => (long)id);
        pages.SelectMany(page => page).ShouldBe(oldestFirst ? ids : ids.Reverse());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Nothing_is_skipped_or_repeated_while_deliveries_come_and_go(bool oldestFirst)
    {
        await AddManyAsync(30);
        var seen = new List<long>();

        await ReadPagesAsync(new DeliveryQuery { OldestFirst = oldestFirst, PageSize = 7 }, async page =>
        {
            seen.AddRange(page);

            // The last of the page, behind which the next one begins, is gone by then; others come at the end.
            var leased = await LeaseAsync();
            await Store.SettleAsync(
                [.. leased.Select(delivery => Settle(delivery, delivery.Id == page[^1] ? DeliveryOutcome.Completed : DeliveryOutcome.Released))], Cancel);
            if (seen.Count < 30)
            {
                await AddManyAsync(2);
            }
        });

        seen.ShouldBeUnique();
        seen.ShouldBe(oldestFirst ? seen.Order() : seen.OrderDescending());
        Enumerable.Range(1, 30).Select(id => (long)id).Except(seen).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_filter_holds_on_every_page(bool oldestFirst)
    {
        await Store.AddAsync([.. Enumerable.Range(0, 20).Select(i => TestDeliveries.New(queue: i % 2 == 0 ? "mail" : null))], Cancel);

        var pages = await ReadPagesAsync(new DeliveryQuery { OldestFirst = oldestFirst, PageSize = 4, Queue = "mail" });

        pages.Select(page => page.Count).ShouldBe([4, 4, 2]);
        pages.SelectMany(page => page).ShouldAllBe(id => id % 2 == 1);
    }

    [Fact]
    public async Task A_page_behind_an_id_that_was_never_given_is_what_would_be_behind_it()
    {
        await AddManyAsync(3);

        (await ListIdsAsync(new DeliveryQuery { AfterId = 100 })).ShouldBe([3, 2, 1]);
        (await ListIdsAsync(new DeliveryQuery { AfterId = 100, OldestFirst = true })).ShouldBeEmpty();
        (await ListIdsAsync(new DeliveryQuery { AfterId = 0, OldestFirst = true })).ShouldBe([1, 2, 3]);
        (await ListIdsAsync(new DeliveryQuery { AfterId = 1 })).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_page_holds_fifty_unless_something_else_is_said_and_a_thousand_at_the_most()
    {
        await AddManyAsync(1_001);

        (await ListIdsAsync(new DeliveryQuery())).Count.ShouldBe(50);
        (await ListIdsAsync(new DeliveryQuery { PageSize = 1_000 })).Count.ShouldBe(1_000);
    }

    private async Task AddManyAsync(int count) => await Store.AddAsync([.. Enumerable.Range(0, count).Select(_ => TestDeliveries.New())], Cancel);

    private async Task<List<long>> ListIdsAsync(DeliveryQuery query) =>
        [.. (await Store.ListAsync(query, Now, Cancel)).Select(snapshot => snapshot.Id)];

    private async Task<List<List<long>>> ReadPagesAsync(DeliveryQuery query, Func<List<long>, Task>? onPage = null)
    {
        var pages = new List<List<long>>();
        while (await ListIdsAsync(query) is { Count: > 0 } page)
        {
            pages.Add(page);
            pages.Count.ShouldBeLessThan(100, "a page that begins with what the one before has shown never ends");
            query.AfterId = page[^1];
            await (onPage?.Invoke(page) ?? Task.CompletedTask);
        }

        return pages;
    }
}
