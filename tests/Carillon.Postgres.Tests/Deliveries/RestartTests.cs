using System.Diagnostics;
using Carillon.Deliveries;
using Carillon.Postgres.Deliveries;

namespace Carillon.Postgres.Tests.Deliveries;

/// <summary>A server of its own, which loses power in the middle of the work.</summary>
public sealed class RestartTests : IAsyncLifetime
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"carillon-restart-{Environment.ProcessId}");
    private PostgresDeliveryStore _store = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var said = await RunAsync("start");
        _store = new PostgresDeliveryStore(new PostgresOptions { ConnectionString = said.Trim()["CARILLON_TEST_POSTGRES=".Length..] });
        await _store.PrepareAsync(Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        await RunAsync("stop");
    }

    [Fact] // 365
    public async Task What_was_written_before_the_server_died_is_there_and_the_store_goes_on_by_itself()
    {
        var written = new List<NewDelivery>();
        var woken = new SemaphoreSlim(0);
        await using var listening = await _store.ListenAsync(() => woken.Release(), Cancel);
        await woken.WaitAsync(Cancel);
        var leasedBefore = await AddAndLeaseAsync(written);

        await RunAsync("crash");
        (await Should.ThrowAsync<DeliveryStoreException>(async () => await _store.AddAsync([TestDeliveries.New()], Cancel))).Message.ShouldContain("127.0.0.1");
        await Should.ThrowAsync<DeliveryStoreException>(async () => await LeaseAsync());
        await Should.ThrowAsync<DeliveryStoreException>(async () => await SettleAsync(leasedBefore));

        await RunAsync("again");
        await woken.WaitAsync(Cancel);
        (await SettleAsync(leasedBefore)).ShouldBeEmpty();
        (await LeaseAsync()).Select(delivery => delivery.Id).ShouldBe(written.Skip(1).Select(delivery => delivery.Id));
        await _store.AddAsync([TestDeliveries.New()], Cancel);
        (await LeaseAsync()).ShouldHaveSingleItem();
    }

    private async Task<LeasedDelivery> AddAndLeaseAsync(List<NewDelivery> written)
    {
        written.AddRange(Enumerable.Range(0, 10).Select(_ => TestDeliveries.New()));
        await _store.AddAsync(written, Cancel);
        return (await LeaseAsync(maxCount: 1)).ShouldHaveSingleItem();
    }

    private ValueTask<IReadOnlyList<LeasedDelivery>> LeaseAsync(int maxCount = 100)
    {
        var now = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
        return _store.LeaseAsync(new LeaseRequest(new DeliveryLease("worker", now.AddMinutes(1)), now, maxCount), Cancel);
    }

    private ValueTask<IReadOnlyList<LeasedDelivery>> SettleAsync(LeasedDelivery delivery) =>
        _store.SettleAsync([new Settlement { Delivery = delivery, Outcome = DeliveryOutcome.Completed, At = delivery.DueAt }], Cancel);

    private async Task<string> RunAsync(string verb)
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "eng", "servers", "postgres")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("There is no eng/servers/postgres above the tests.");
        }

        var start = new ProcessStartInfo(Path.Combine(folder, "eng", "servers", "postgres"), [verb, _folder]) { RedirectStandardOutput = true };
        // Otherwise the script takes the server that is there.
        start.Environment.Remove("CARILLON_TEST_POSTGRES");
        using var process = Process.Start(start)!;
        var said = await process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        await process.WaitForExitAsync(CancellationToken.None);
        process.ExitCode.ShouldBe(0);
        return said;
    }
}
