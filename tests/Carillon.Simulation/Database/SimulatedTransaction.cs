using System.Data;
using System.Data.Common;
using Carillon.Deliveries;
using Carillon.Simulation.Processes;
using Carillon.Simulation.World;

namespace Carillon.Simulation.Database;

/// <summary>Keeps what is to be changed until the commit, and carries it out there in one step, or not at all.</summary>
internal sealed class SimulatedTransaction(SimulatedWorld world, SimulatedProcess process, SimulatedConnection connection) : DbTransaction
{
    private readonly List<Action> _changes = [];
    private Settlement? _settlement;

    public override IsolationLevel IsolationLevel => IsolationLevel.Serializable;

    protected override DbConnection DbConnection => connection;

    internal void Change(Action change) => _changes.Add(change);

    internal void Settle(Settlement settlement) => _settlement = settlement;

    public override void Commit() => throw new NotSupportedException("The simulated database is asynchronous.");

    public override void Rollback() => _changes.Clear();

    public override Task RollbackAsync(CancellationToken cancellationToken = default)
    {
        _changes.Clear();
        return Task.CompletedTask;
    }

    public override Task CommitAsync(CancellationToken cancellationToken = default) =>
        world.CallAsync(process, "commits", Apply, cancellationToken);

    // The row of a delivery that is settled in a transaction is locked until its end; where a lease is lost meanwhile, the commit is what fails.
    private bool Apply()
    {
        if (_settlement is not null && AtOnce.Now(world.Database.Deliveries.SettleAsync([_settlement], CancellationToken.None)).Count > 0)
        {
            throw new InjectedFaultException($"The lease of delivery {_settlement.Delivery.Id} is lost: nothing is committed.");
        }

        _changes.ForEach(static change => change());
        return true;
    }
}
