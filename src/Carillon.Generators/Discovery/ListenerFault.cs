namespace Carillon.Generators.Discovery;

/// <summary>Why a method with [OnEvent] can never be called.</summary>
internal enum ListenerFault
{
    /// <summary>It can be called.</summary>
    None,
    NotReachable,
    NoEvent,
    Generic,
    AsyncVoid,
    ParameterCannotBePassed,
    NoInstance,
    ImpossibleEvent,
    EmptyId,
    BadPattern,
    NotAJob,
    JobListenedTo,
    NotInSaga,
    Uncorrelated,
}
