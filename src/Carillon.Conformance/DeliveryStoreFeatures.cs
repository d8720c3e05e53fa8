using Carillon.Deliveries;
using Carillon.Inbox;
using Carillon.Sagas;

namespace Carillon.Conformance;

/// <summary>What a store can do beyond what every store does. A test that needs something a store does not declare is skipped, with that reason.</summary>
[Flags]
public enum DeliveryStoreFeatures
{
    /// <summary>Nothing beyond what every store does.</summary>
    None = 0,

    /// <summary>Deliveries are written, settled and noted in transactions of the application: <see cref="IDeliveryStore.JoinsTransactions"/>.</summary>
    JoinsTransactions = 1,

    /// <summary>Several transactions write at the same time. Without it one that has written keeps the others waiting until it ends.</summary>
    WritesSideBySide = 2,

    /// <summary>Another process is told when something was written: <see cref="IDeliveryStore.ListenAsync"/>.</summary>
    TellsOthers = 4,

    /// <summary>What was written is there when all that was opened on the place is closed and one opens it again.</summary>
    OutlivesProcess = 8,

    /// <summary>The store implements <see cref="IInboxStore"/>.</summary>
    Inbox = 16,

    /// <summary>The store implements <see cref="ISagaStore"/>.</summary>
    Sagas = 32,

    /// <summary>What is written with the commit is leased in the turn of its key: <see cref="IDeliveryStore.LeasesInTurn"/>.</summary>
    LeasesInTurn = 64,
}
