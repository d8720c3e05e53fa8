namespace Carillon.Testing;

/// <summary>Where a process dies on the way of a delivery, from the dispatch to its completion.</summary>
public enum CrashPoint
{
    /// <summary>Before the deliveries of a dispatch are written: the emitter dies, and nothing is left.</summary>
    BeforeAdd = 0,

    /// <summary>When they are written: the emitter dies. In a unit of work that is before its commit, so that nothing is left; without one they are committed.</summary>
    AfterAdd = 1,

    /// <summary>
    /// When the unit of work is committed (without one, the deliveries themselves), before anything is handed to the worker: the emitter gets its event back and never learns of the crash. A store that takes part
    /// in no transactions, as the one in memory, is given the deliveries after the commit, and keeps them here.
    /// </summary>
    AfterCommit = 2,

    /// <summary>Before deliveries are leased: they wait as they were.</summary>
    BeforeLease = 3,

    /// <summary>When they are leased, before the listener is called: its attempt counts, and nobody has the delivery until the lease ends.</summary>
    AfterLease = 4,

    /// <summary>
    /// When the listener has done its work, before that is written down: the work is done and will be asked for again. The work of a transactional listener is rolled back.
    /// </summary>
    BeforeSettle = 5,

    /// <summary>When it is written down: it is done, and is not done again.</summary>
    AfterSettle = 6,
}
