namespace Carillon.Analyzers;

/// <summary>The ids of the rules. They are in suppressions and in .editorconfig files of others: an id is never used again for something else.</summary>
internal static class RuleIds
{
    internal const string NotReachable = "CARILLON001";
    internal const string NoEvent = "CARILLON002";
    internal const string Generic = "CARILLON003";
    internal const string AsyncVoid = "CARILLON004";
    internal const string ParameterCannotBePassed = "CARILLON005";
    internal const string NoInstance = "CARILLON006";
    internal const string ImpossibleEvent = "CARILLON007";
    internal const string DuplicateId = "CARILLON008";
    internal const string InvalidEventName = "CARILLON009";
    internal const string EmptyId = "CARILLON010";
    internal const string MutableEvent = "CARILLON011";
    internal const string NotPastTense = "CARILLON012";
    internal const string NotEntityAction = "CARILLON013";
    internal const string EntityInEvent = "CARILLON014";
    internal const string SharedState = "CARILLON015";
    internal const string Circle = "CARILLON016";
    internal const string NotAwaited = "CARILLON017";
    internal const string ResultsDropped = "CARILLON018";
    internal const string OutsideTransaction = "CARILLON019";
    internal const string BadPattern = "CARILLON020";
    internal const string Contradiction = "CARILLON021";
    internal const string MemberIsLost = "CARILLON022";
    internal const string TypeIsNotCarried = "CARILLON023";
    internal const string CannotBeMadeAgain = "CARILLON024";
    internal const string DerivedIsLost = "CARILLON025";
    internal const string ListenersNotAdded = "CARILLON026";
    internal const string RequestsUnheard = "CARILLON027";
    internal const string StringDispatched = "CARILLON028";
    internal const string ResultNotAwaited = "CARILLON029";
    internal const string NotAJob = "CARILLON030";
    internal const string JobListenedTo = "CARILLON031";
    internal const string JobDispatched = "CARILLON032";
    internal const string TwoHandlers = "CARILLON033";
    internal const string ContextNotFollowed = "CARILLON034";
    internal const string DuplicateEventName = "CARILLON035";
    internal const string NotInSaga = "CARILLON040";
    internal const string Uncorrelated = "CARILLON041";
    internal const string CacheTag = "CARILLON042";
}
