namespace Carillon.Simulation.World;

/// <summary>A mistake that is put into the store on purpose: the simulation must find it.</summary>
internal enum Sabotage
{
    None,

    /// <summary>What is written in a transaction is there before its commit.</summary>
    EarlyWrites,

    /// <summary>Now and then what was written is forgotten.</summary>
    ForgottenWrites,

    /// <summary>The order of keys is nobody's business.</summary>
    NoOrder,

    /// <summary>The delivery of a transactional listener is completed before its transaction is committed.</summary>
    EarlyCompletions,
}
