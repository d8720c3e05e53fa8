namespace Carillon.Conformance.EventSourcing;

/// <summary>What an event store can do beyond what every one does.</summary>
[Flags]
public enum StreamStoreFeatures
{
    /// <summary>Nothing more.</summary>
    None = 0,

    /// <summary>Events are appended in transactions of the application.</summary>
    JoinsTransactions = 1,

    /// <summary>Several of those write at the same time.</summary>
    WritesSideBySide = 2,

    /// <summary>What was written is there when everything is closed and opened again.</summary>
    OutlivesProcess = 4,
}
