using Carillon.Deliveries;
using Carillon.Postgres.Deliveries;
using Npgsql;

namespace Carillon.Postgres.Tests.Deliveries;

/// <summary>Everything at once on few keys, in a database of its own, whose deadlocks the server counts.</summary>
public sealed class ContentionTests : IAsyncLifetime
{
    private const int Keys = 5;
    private const int Events = 600;

    private readonly string _database = $"contention_{Environment.ProcessId}";
    private string _connectionString = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        // From the template that nobody is connected to.
        await ExecuteAsync($"CREATE DATABASE {_database} TEMPLATE template0");
        _connectionString = new NpgsqlConnectionStringBuilder(PostgresPlace.ConnectionString) { Database = _database }.ConnectionString;
    }

    public async ValueTask DisposeAsync() => await ExecuteAsync($"DROP DATABASE {_database} WITH (FORCE)");

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Leasing_settling_retrying_cancelling_extending_and_sweeping_meet_without_a_deadlock_and_leave_nothing_behind(bool ordered)
    {
        var stores = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => OpenAsync()));
        var running = new Dictionary<string, int>();
        var lastOf = new Dictionary<string, long>();
        var adding = 2;
        // One that fails keeps what it has leased for ever, and the others would wait for it.
        var failed = false;

        async Task AddAsync(PostgresDeliveryStore store, int from)
        {
            // Each key by one of the two: of what is written side by side, what is committed first is first.
            foreach (var number in Enumerable.Range(0, Events).Where(number => number % Keys % 2 == from))
            {
                await store.AddAsync([New(number, ordered)], Cancel);
            }

            Interlocked.Decrement(ref adding);
        }

        async Task<bool> IsOverAsync(PostgresDeliveryStore store) => Volatile.Read(ref failed)
            || (Volatile.Read(ref adding) == 0
            && (await store.CountAsync(Now, Cancel)).Keys.All(state => state is DeliveryState.Cancelled or DeliveryState.Discarded));

        async Task WorkAsync(PostgresDeliveryStore store, int worker)
        {
            var random = new Random(worker);
            while (!await IsOverAsync(store))
            {
                var leased = await LeaseAsync(store, worker);
                Enter(leased);
                await store.ExtendAsync(leased, Now.AddMinutes(2), Cancel);
                Leave(leased);
                var settlements = leased.Select(delivery => Settle(delivery, random)).ToList();
                (await store.SettleAsync(settlements, Cancel)).ShouldBeEmpty();
            }
        }

        async Task DisturbAsync(PostgresDeliveryStore store)
        {
            var random = new Random(77);
            while (!await IsOverAsync(store))
            {
                await store.SweepAsync(new SweepRequest(new KnownNames([], []), Now), Cancel);
                var page = await store.ListAsync(new DeliveryQuery { PageSize = 20, OldestFirst = random.Next(2) == 0 }, Now, Cancel);
                var ids = page.Select(delivery => delivery.Id).OrderBy(_ => random.Next()).ToList();
                await store.RescheduleAsync(ids.FirstOrDefault(), Now, Now, Cancel);
                await store.CancelAsync(ids.Take(1).ToList(), Now, null, Cancel);
                await store.DiscardAsync(ids.Skip(1).Take(1).ToList(), Now, null, Cancel);
                // Not those that were given up: to retry one of them would be to run it after later ones.
                var parked = page.Where(delivery => delivery.State == DeliveryState.Parked).Select(delivery => delivery.Id);
                await store.RetryAsync(parked.Except(ids.Take(2)).ToList(), Now, Cancel);
            }
        }

        // Of one key no two at once; and in order, unless one comes again.
        void Enter(IReadOnlyList<LeasedDelivery> leased)
        {
            lock (running)
            {
                foreach (var delivery in leased)
                {
                    running[delivery.Key!] = running.GetValueOrDefault(delivery.Key!) + 1;
                    running[delivery.Key!].ShouldBe(1);
                    if (ordered)
                    {
                        delivery.Id.ShouldBeGreaterThanOrEqualTo(lastOf.GetValueOrDefault(delivery.Key!));
                        lastOf[delivery.Key!] = delivery.Id;
                    }
                }
            }
        }

        void Leave(IReadOnlyList<LeasedDelivery> leased)
        {
            lock (running)
            {
                foreach (var delivery in leased)
                {
                    running[delivery.Key!]--;
                }
            }
        }

        async Task Watched(Func<Task> run)
        {
            try
            {
                await run();
            }
            catch
            {
                Volatile.Write(ref failed, true);
                throw;
            }
        }

        await Task.WhenAll(
        [
            .. Enumerable.Range(0, 2).Select(from => Task.Run(() => Watched(() => AddAsync(stores[from], from)), Cancel)),
            .. Enumerable.Range(0, 6).Select(worker => Task.Run(() => Watched(() => WorkAsync(stores[worker % 3], worker)), Cancel)),
            Task.Run(() => Watched(() => DisturbAsync(stores[2])), Cancel),
        ]);

        failed.ShouldBeFalse();
        foreach (var store in stores)
        {
            await store.DisposeAsync();
        }

        (await ReadAsync($"SELECT deadlocks FROM pg_stat_database WHERE datname = '{_database}'")).ShouldBe(0);
    }

    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private static NewDelivery New(int number, bool ordered)
    {
        var plain = TestDeliveries.New();
        return new NewDelivery
        {
            Envelope = plain.Envelope,
            ListenerId = plain.ListenerId,
            DueAt = plain.DueAt,
            Key = new DeliveryKey($"key {number % Keys}") { IsOrdered = ordered },
        };
    }

    private static ValueTask<IReadOnlyList<LeasedDelivery>> LeaseAsync(PostgresDeliveryStore store, int worker) =>
        store.LeaseAsync(new LeaseRequest(new DeliveryLease($"worker {worker}", Now.AddMinutes(1)), Now, 7), Cancel);

    private static Settlement Settle(LeasedDelivery delivery, Random random) => random.Next(4) switch
    {
        0 when delivery.Attempt < 3 => new Settlement { Delivery = delivery, Outcome = DeliveryOutcome.Retry, At = Now, RetryAt = Now, Error = "not now" },
        1 when delivery.Attempt < 3 => new Settlement { Delivery = delivery, Outcome = DeliveryOutcome.Released, At = Now },
        _ => new Settlement { Delivery = delivery, Outcome = DeliveryOutcome.Completed, At = Now },
    };

    private async Task<PostgresDeliveryStore> OpenAsync()
    {
        var store = new PostgresDeliveryStore(new PostgresOptions { ConnectionString = _connectionString });
        await store.PrepareAsync(Cancel);
        return store;
    }

    private static async Task ExecuteAsync(string sql)
    {
        await using var source = NpgsqlDataSource.Create(PostgresPlace.ConnectionString);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<long> ReadAsync(string sql)
    {
        await using var source = NpgsqlDataSource.Create(PostgresPlace.ConnectionString);
        await using var command = source.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync(Cancel))!;
    }
}
