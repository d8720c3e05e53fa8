namespace Carillon.Tests.Transactions;

/// <summary>A database with transactions and savepoints, as ADO.NET shows them, that can be told to fail.</summary>
internal sealed class TestDatabase(string name = "orders")
{
    internal string Name => name;

    /// <summary>What is committed.</summary>
    internal List<string> Rows { get; } = [];

    internal int Rollbacks { get; set; }

    internal bool HasSavepoints { get; set; } = true;

    /// <summary>What the next commit throws.</summary>
    internal Exception? CommitFault { get; set; }

    /// <summary>Whether it has committed when it throws: the connection was lost before it could say so.</summary>
    internal bool CommitsAllTheSame { get; set; }

    internal TestConnection Open() => new(this);
}
