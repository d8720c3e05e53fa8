using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using Carillon.Simulation.Processes;
using Carillon.Simulation.World;

namespace Carillon.Simulation.Database;

/// <summary>A connection that knows transactions and no SQL.</summary>
internal sealed class SimulatedConnection(SimulatedWorld world, SimulatedProcess process) : DbConnection
{
    [AllowNull]
    public override string ConnectionString { get; set; } = "";

    public override string Database => "simulated";

    public override string DataSource => "simulated";

    public override string ServerVersion => "1";

    public override ConnectionState State => ConnectionState.Open;

    public override void ChangeDatabase(string databaseName) => throw new NotSupportedException();

    public override void Close()
    {
    }

    public override void Open()
    {
    }

    protected override DbTransaction BeginDbTransaction(IsolationLevel isolationLevel) => new SimulatedTransaction(world, process, this);

    protected override DbCommand CreateDbCommand() => throw new NotSupportedException("The simulated database has tables, but no SQL.");
}
