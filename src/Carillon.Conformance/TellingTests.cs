using Carillon.Deliveries;

namespace Carillon.Conformance;

/// <summary>Other processes are told that something was written.</summary>
public abstract class TellingTests<TStores> : DeliveryStoreTests<TStores>
    where TStores : TestStores, new()
{
    [Fact]
    public async Task Another_process_is_woken() // 220, 364
    {
        Needs(DeliveryStoreFeatures.TellsOthers);
        var another = await OpenAnotherAsync();
        var woken = new SemaphoreSlim(0);
        await using var listening = await another.ListenAsync(() => woken.Release(), Cancel);

        await AddAsync();
        Store.Announce();

        (await woken.WaitAsync(TimeSpan.FromSeconds(30), Cancel)).ShouldBeTrue();
        (await LeaseAsync(store: another)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Everybody_who_listens_is_woken()
    {
        Needs(DeliveryStoreFeatures.TellsOthers);
        var woken = new SemaphoreSlim(0);
        await using var first = await (await OpenAnotherAsync()).ListenAsync(() => woken.Release(), Cancel);
        var second = new SemaphoreSlim(0);
        await using var other = await (await OpenAnotherAsync()).ListenAsync(() => second.Release(), Cancel);

        Store.Announce();

        (await woken.WaitAsync(TimeSpan.FromSeconds(30), Cancel)).ShouldBeTrue();
        (await second.WaitAsync(TimeSpan.FromSeconds(30), Cancel)).ShouldBeTrue();
    }

    [Fact]
    public async Task A_thousand_announcements_are_few_calls_and_at_least_one() // 379
    {
        Needs(DeliveryStoreFeatures.TellsOthers);
        var another = await OpenAnotherAsync();
        var calls = 0;
        var woken = new SemaphoreSlim(0);
        await using (await another.ListenAsync(
            () =>
            {
                Interlocked.Increment(ref calls);
                woken.Release();
            },
            Cancel))
        {
            for (var i = 0; i < 1_000; i++)
            {
                Store.Announce();
            }

            (await woken.WaitAsync(TimeSpan.FromSeconds(30), Cancel)).ShouldBeTrue();
        }

        Volatile.Read(ref calls).ShouldBeLessThan(500);
    }

    [Fact]
    public async Task Whoever_has_ended_listening_can_listen_again()
    {
        Needs(DeliveryStoreFeatures.TellsOthers);
        var another = await OpenAnotherAsync();
        await (await another.ListenAsync(() => { }, Cancel))!.DisposeAsync();
        var woken = new SemaphoreSlim(0);
        await using var listening = await another.ListenAsync(() => woken.Release(), Cancel);

        Store.Announce();

        (await woken.WaitAsync(TimeSpan.FromSeconds(30), Cancel)).ShouldBeTrue();
    }
}
