using System.Data.Common;
using Carillon.Deliveries;
using Carillon.Deliveries.InMemory;

namespace Carillon.Tests.Transactions;

/// <summary>Deliveries in memory that are written in the transactions of the database of the test, as a store in a real one does.</summary>
internal sealed class JoiningStore(TestDatabase database, InMemoryDeliveryStore store) : StoreAround(store)
{
    /// <summary>How many deliveries were written each time, in a transaction or by themselves.</summary>
    internal List<int> Batches { get; } = [];

    internal bool IsAmbient { get; set; } = true;

    internal bool RefusesToWrite { get; set; }

    /// <summary>Refuses what is to be written in a transaction of its own.</summary>
    internal bool RefusesToWriteAlone { get; set; }

    /// <summary>Taken by a unit of work; null for a store that has none.</summary>
    internal IDisposable? Turn { get; set; }

    public override string Description => "test database";

    public override bool JoinsTransactions => true;

    public override bool JoinsAmbientTransactions => IsAmbient;

    public override string? WhyNotIn(DbConnection connection) => connection is TestConnection test && test.Database == database.Name ? null : "it is another database";

    public override ValueTask<IDisposable?> TakeTurnAsync(DbConnection connection, CancellationToken cancellationToken) => new(Turn);

    public override ValueTask<DbConnection> OpenConnectionAsync(CancellationToken cancellationToken) => new(database.Open());

    public override ValueTask AddAsync(IReadOnlyList<NewDelivery> deliveries, CancellationToken cancellationToken)
    {
        if (RefusesToWriteAlone)
        {
            throw new DeliveryStoreException("The test database is full.");
        }

        Batches.Add(deliveries.Count);
        return base.AddAsync(deliveries, cancellationToken);
    }

    public override ValueTask AddAsync(DbTransaction transaction, IReadOnlyList<NewDelivery> deliveries, CancellationToken cancellationToken) =>
        Add(((TestTransaction)transaction).Work, deliveries);

    public override ValueTask AddEnlistedAsync(DbConnection connection, IReadOnlyList<NewDelivery> deliveries, CancellationToken cancellationToken) =>
        Add(((TestConnection)connection).Enlisted ?? throw new InvalidOperationException("The connection is not enlisted."), deliveries);

    private ValueTask Add(TestWork work, IReadOnlyList<NewDelivery> deliveries)
    {
        if (RefusesToWrite)
        {
            throw new DeliveryStoreException("The test database is full.");
        }

        Batches.Add(deliveries.Count);
        work.Add(() => Wait(base.AddAsync(deliveries, CancellationToken.None)));
        return ValueTask.CompletedTask;
    }

    // In memory it is done when it returns.
    private static void Wait(ValueTask done) => done.GetAwaiter().GetResult();
}
