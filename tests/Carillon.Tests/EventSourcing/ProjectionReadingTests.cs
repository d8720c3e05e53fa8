using System.Data.Common;
using Carillon.EventSourcing;
using Carillon.EventSourcing.InMemory;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Tests.EventSourcing;

/// <summary>Pages are read while others are taken: what goes wrong with one of them is told in its turn.</summary>
public sealed class ProjectionReadingTests
{
    private readonly Bank _bank = new();
    private readonly InMemoryStreamDatabase _inner = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_page_that_cannot_be_read_holds_the_projection_up_and_what_came_before_it_is_taken_once()
    {
        var database = new FaultyDatabase(_inner, failing: 3);
        await _inner.Projections.EnsureAsync("balances", Cancel);
        await _inner.Projections.PauseAsync("balances", Cancel);
        await using var application = await Application.StartAsync(
            carillon => Balances.AddMethods(carillon)
                .AddEvent<Deposited>()
                .UseEventStore(_ => database)
                .AddProjection<Balances>("balances", options => options.BatchSize = 1_000),
            services => services.AddSingleton(_bank));
        await EventStoreTests.Store(application).AppendAsync("account-1", ExpectedVersion.Any, Enumerable.Repeat<object>(new Deposited(1), 3_100).ToArray(), cancellationToken: Cancel);
        var projections = application.Services.GetRequiredService<IProjections>();

        await projections.ResumeAsync("balances", cancellationToken: Cancel);
        await projections.WaitAsync("balances", 3_100, Cancel);

        database.Failed.ShouldBeTrue();
        _bank.Batches.ShouldBe([1_000, 1_000, 1_000, 100]);
        _bank.Balances[("balances", 1, "account-1")].ShouldBe(3_100);
        application.Log.Entries.ShouldContain(entry => entry.Exception is TimeoutException);
    }

    private sealed class FaultyDatabase(InMemoryStreamDatabase inner, int failing) : IStreamDatabase, IStreamStore
    {
        private int _read;

        public bool Failed => _read >= failing;

        public IStreamStore Streams => this;

        public IProjectionStore Projections => inner.Projections;

        public string Description => inner.Streams.Description;

        public bool JoinsTransactions => inner.Streams.JoinsTransactions;

        public ValueTask<AppendResult> AppendAsync(
            DbTransaction? transaction, string stream, ExpectedVersion expected, IReadOnlyList<NewEvent> events, CancellationToken cancellationToken) =>
            inner.Streams.AppendAsync(transaction, stream, expected, events, cancellationToken);

        public ValueTask<IReadOnlyList<StoredEvent>> ReadAsync(DbTransaction? transaction, StreamRead read, CancellationToken cancellationToken) =>
            inner.Streams.ReadAsync(transaction, read, cancellationToken);

        public ValueTask<long> FindVersionAsync(DbTransaction? transaction, string stream, CancellationToken cancellationToken) =>
            inner.Streams.FindVersionAsync(transaction, stream, cancellationToken);

        public ValueTask<StoreEnd> FindEndAsync(CancellationToken cancellationToken) => inner.Streams.FindEndAsync(cancellationToken);

        public ValueTask<IReadOnlyList<StoredEvent>> ReadAllAsync(long after, long upTo, ReadDirection direction, int maxCount, CancellationToken cancellationToken) =>
            Interlocked.Increment(ref _read) == failing
                ? throw new TimeoutException("the disk sleeps")
                : inner.Streams.ReadAllAsync(after, upTo, direction, maxCount, cancellationToken);

        public ValueTask SaveSnapshotAsync(DbTransaction? transaction, StoredSnapshot snapshot, CancellationToken cancellationToken) =>
            inner.Streams.SaveSnapshotAsync(transaction, snapshot, cancellationToken);

        public ValueTask<StoredSnapshot?> FindSnapshotAsync(DbTransaction? transaction, string stream, CancellationToken cancellationToken) =>
            inner.Streams.FindSnapshotAsync(transaction, stream, cancellationToken);
    }
}
