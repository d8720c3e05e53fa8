namespace Carillon.Transactions.Internal;

/// <summary>How a unit of work has ended.</summary>
internal enum WorkOutcome
{
    Committed,

    RolledBack,

    /// <summary>The commit failed in a way that does not tell: the database may have carried it out.</summary>
    Unknown,
}
