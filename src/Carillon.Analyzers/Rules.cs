using Carillon.Generators.Discovery;
using Microsoft.CodeAnalysis;

namespace Carillon.Analyzers;

/// <summary>What the analyzers report. Each rule has a page in docs/diagnostics.</summary>
internal static class Rules
{
    internal static readonly DiagnosticDescriptor NotReachable = Error(
        RuleIds.NotReachable,
        "A listener must be reachable from generated code",
        "'{0}' can never be called: {1}. Make it an internal or public method of an internal or public class.");

    internal static readonly DiagnosticDescriptor NoEvent = Error(
        RuleIds.NoEvent,
        "A listener takes its event as the first parameter",
        "'{0}' can never be called: {1}. Take the event first, then services, the event context and the cancellation token in any order.");

    internal static readonly DiagnosticDescriptor Generic = Error(
        RuleIds.Generic,
        "A listener cannot be generic",
        "'{0}' can never be called: {1}, and nothing says which types to call it with. Write a listener for each closed type, or one for an interface that they share.");

    internal static readonly DiagnosticDescriptor AsyncVoid = Error(
        RuleIds.AsyncVoid,
        "A listener cannot be async void",
        "'{0}' is async void: nobody can wait for it, and its exceptions end the process. Return Task or ValueTask.");

    internal static readonly DiagnosticDescriptor ParameterCannotBePassed = Error(
        RuleIds.ParameterCannotBePassed,
        "Every parameter of a listener must be one that can be supplied",
        "'{0}' can never be called: {1}. Take events and services by value or by 'in', and give results back through the event.");

    internal static readonly DiagnosticDescriptor NoInstance = Error(
        RuleIds.NoInstance,
        "A listener needs a class that can be created",
        "'{0}' can never be called: {1}, so there is no object to call it on. Move it to a class that is not abstract, or make it static there.");

    internal static readonly DiagnosticDescriptor ImpossibleEvent = Error(
        RuleIds.ImpossibleEvent,
        "The parameter of a listener must be of a type that an event can have",
        "'{0}' can never be called with '{1}': {2}. Take a class, an interface or an ordinary struct.");

    internal static readonly DiagnosticDescriptor DuplicateId = Error(
        RuleIds.DuplicateId,
        "Two listeners cannot have one id",
        "'{0}' has the id '{1}', which {2} has too. Give one of them another: {3}.",
        WellKnownDiagnosticTags.CompilationEnd);

    internal static readonly DiagnosticDescriptor InvalidEventName = Error(
        RuleIds.InvalidEventName,
        "The name of an event must be valid",
        "The event '{0}' has the name '{1}', but {2}. Give it a name like \"order.placed\".");

    internal static readonly DiagnosticDescriptor EmptyId = Error(
        RuleIds.EmptyId,
        "The id of a listener cannot be empty",
        "'{0}' has an empty id, but stored deliveries must name it. Leave Id out, or give it one.");

    internal static readonly DiagnosticDescriptor MutableEvent = Warning(
        RuleIds.MutableEvent,
        "An event that is delivered later cannot change",
        "'{0}' is {1} and takes '{2}', but {3}: whether it sees a change that is made after the dispatch is up to chance. Use init-only properties and read-only collections.");

    internal static readonly DiagnosticDescriptor NotPastTense = Warning(
        RuleIds.NotPastTense,
        "The name of an event says what has happened",
        "The event '{0}' has the name '{1}', but '{2}' is not the past of a verb. Name it after what has happened, like \"order.placed\"; carillon_accepted_actions in .editorconfig takes further words.");

    internal static readonly DiagnosticDescriptor NotEntityAction = Warning(
        RuleIds.NotEntityAction,
        "The name of an event is of the form entity.action",
        "The event '{0}' has the name '{1}', but {2}. Give it a name like \"order.placed\": whom it happened to, and what.");

    internal static readonly DiagnosticDescriptor EntityInEvent = Warning(
        RuleIds.EntityInEvent,
        "An event carries no entities",
        "The event '{0}' carries the entity '{1}' in '{2}': {3}. Carry {4} instead, and let listeners load what they need.");

    internal static readonly DiagnosticDescriptor SharedState = Warning(
        RuleIds.SharedState,
        "Listeners share no state",
        "'{0}' changes '{1}', {2}. {3}");

    internal static readonly DiagnosticDescriptor Circle = Warning(
        RuleIds.Circle,
        "Listeners do not dispatch in a circle",
        "These listeners dispatch in a circle: {0}. Break it, or make sure that it ends and suppress this with the reason.",
        WellKnownDiagnosticTags.CompilationEnd);

    internal static readonly DiagnosticDescriptor NotAwaited = Warning(
        RuleIds.NotAwaited,
        "A dispatch is awaited",
        "The task of '{0}' is thrown away: listeners may still run when the scope ends, and nobody hears of what they throw. Await or return it.");

    internal static readonly DiagnosticDescriptor ResultsDropped = Warning(
        RuleIds.ResultsDropped,
        "Results that are asked for are used",
        "'{0}' gathers what listeners return, and nothing is done with it. Use the result, or call DispatchAsync.");

    internal static readonly DiagnosticDescriptor OutsideTransaction = Warning(
        RuleIds.OutsideTransaction,
        "A durable dispatch belongs to the open transaction",
        "'{0}' dispatches '{1}', which '{2}' takes durably, beside the open transaction '{3}': the delivery is stored even if that is rolled back. {4}",
        WellKnownDiagnosticTags.CompilationEnd);

    internal static readonly DiagnosticDescriptor BadPattern = Error(
        RuleIds.BadPattern,
        "The pattern of a listener must be valid",
        "'{0}' listens to {1}. Listen to a name, \"user.created\", or to a pattern like \"user.*\" or \"user.#\".");

    internal static readonly DiagnosticDescriptor Contradiction = Error(
        RuleIds.Contradiction,
        "What is said of a listener fits together",
        "'{0}' {1}");

    internal static readonly DiagnosticDescriptor MemberIsLost = Warning(
        RuleIds.MemberIsLost,
        "Every member of a durable event comes back from storage",
        "'{0}' is part of a durable event and does not come back from storage: {1}. Make it a public property with 'init' or a constructor parameter, or mark it [JsonIgnore] if it can be lost.");

    internal static readonly DiagnosticDescriptor TypeIsNotCarried = Warning(
        RuleIds.TypeIsNotCarried,
        "A durable event carries only what JSON can carry",
        "'{0}' is part of a durable event and is of the type '{1}', {2}. Carry plain values, or mark it [JsonIgnore] if it can be lost.");

    internal static readonly DiagnosticDescriptor CannotBeMadeAgain = Warning(
        RuleIds.CannotBeMadeAgain,
        "A durable event can be made again from what was stored",
        "'{0}' is part of a durable event and cannot be made again from JSON: {1}. Name parameters like the properties they are for, or mark the constructor to use with [JsonConstructor].");

    internal static readonly DiagnosticDescriptor DerivedIsLost = Warning(
        RuleIds.DerivedIsLost,
        "A durable event says which derived types it carries",
        "'{0}' is part of a durable event and of the type '{1}', from which '{2}' derives: such a one comes back as '{1}', without what is its own. List what it can be with [JsonDerivedType] on '{1}', or seal it.");

    internal static readonly DiagnosticDescriptor ListenersNotAdded = Warning(
        RuleIds.ListenersNotAdded,
        "The listeners of an application are added",
        "The listeners of {0} are not added: nothing ever calls {1}. Say so here: AddCarillon(carillon => carillon.{2}()).",
        WellKnownDiagnosticTags.CompilationEnd);

    internal static readonly DiagnosticDescriptor RequestsUnheard = Warning(
        RuleIds.RequestsUnheard,
        "The events of requests are dispatched by the pipeline",
        "'{0}' is never called: '{1}' is dispatched where UseRequestEvents stands in the pipeline, and this application does not say it. Call app.UseRequestEvents() before anything else is added to the pipeline.",
        WellKnownDiagnosticTags.CompilationEnd);

    internal static readonly DiagnosticDescriptor StringDispatched = Warning(
        RuleIds.StringDispatched,
        "An event is dispatched, a name is emitted",
        "'{0}' dispatches the string itself as the event: no listener of an event with this name hears it. Emit the name, EmitAsync({1}), or dispatch an object.");

    internal static readonly DiagnosticDescriptor ResultNotAwaited = Warning(
        RuleIds.ResultNotAwaited,
        "What a listener returns is awaited or has happened",
        "'{0}' {1}");

    internal static readonly DiagnosticDescriptor NotAJob = Error(
        RuleIds.NotAJob,
        "The handler of a job takes a job",
        "'{0}' has [OnJob] and takes {1}. Take a class or struct that implements IJob, or listen to an event with [OnEvent].");

    internal static readonly DiagnosticDescriptor JobListenedTo = Error(
        RuleIds.JobListenedTo,
        "A job has a handler and no listeners",
        "'{0}' has [OnEvent] and takes the job '{1}', which is pushed to its handler and reaches no listener. Make it the handler with [OnJob], or take IJob away from the type.");

    internal static readonly DiagnosticDescriptor JobDispatched = Error(
        RuleIds.JobDispatched,
        "A job is pushed, not dispatched",
        "'{0}' dispatches the job '{1}', which has a handler and no listeners. Push it: IJobs.PushAsync(job).");

    internal static readonly DiagnosticDescriptor TwoHandlers = Error(
        RuleIds.TwoHandlers,
        "A job has one handler",
        "'{0}' handles the job '{1}', and {2} does so too, but a job is done once. Take one of them away, or make it an event, which has any number of listeners.",
        WellKnownDiagnosticTags.CompilationEnd);

    internal static readonly DiagnosticDescriptor ContextNotFollowed = Warning(
        RuleIds.ContextNotFollowed,
        "The contexts of EF Core are followed",
        "'{0}' is not followed: the domain events of what it saves are never dispatched, and a dispatch does not belong to its transactions. Say so here: AddCarillon(carillon => carillon.UseEntityFrameworkCore<{0}>()).",
        WellKnownDiagnosticTags.CompilationEnd);

    internal static readonly DiagnosticDescriptor DuplicateEventName = Error(
        RuleIds.DuplicateEventName,
        "Two events cannot have one name",
        "The event '{0}' has the name '{1}', which {2} has too. Give one of them another: [Event(\"entity.action\")].",
        WellKnownDiagnosticTags.CompilationEnd);

    internal static readonly DiagnosticDescriptor NotInSaga = Error(
        RuleIds.NotInSaga,
        "A method of a saga is one that the saga can take",
        "'{0}' can be no step of a saga: {1}.");

    internal static readonly DiagnosticDescriptor Uncorrelated = Error(
        RuleIds.Uncorrelated,
        "An event of a saga says which one it belongs to",
        "'{0}' cannot find its saga: {1}. Name a property of the event, or a path to one: [CorrelatedBy(\"OrderId\")] on the class for all events, on the method for this one.");

    internal static readonly DiagnosticDescriptor CacheTag = Error(
        RuleIds.CacheTag,
        "The tag of cache entries is made of properties that the event has",
        "The event '{0}' makes the cache entries '{1}' stale, but {2}.");

    internal static DiagnosticDescriptor For(ListenerFault fault) => fault switch
    {
        ListenerFault.NotReachable => NotReachable,
        ListenerFault.NoEvent => NoEvent,
        ListenerFault.Generic => Generic,
        ListenerFault.AsyncVoid => AsyncVoid,
        ListenerFault.ParameterCannotBePassed => ParameterCannotBePassed,
        ListenerFault.NoInstance => NoInstance,
        ListenerFault.ImpossibleEvent => ImpossibleEvent,
        ListenerFault.EmptyId => EmptyId,
        ListenerFault.BadPattern => BadPattern,
        ListenerFault.NotAJob => NotAJob,
        ListenerFault.JobListenedTo => JobListenedTo,
        ListenerFault.NotInSaga => NotInSaga,
        ListenerFault.Uncorrelated => Uncorrelated,
        _ => throw new ArgumentOutOfRangeException(nameof(fault), fault, "A method without a fault has no rule."),
    };

    private static DiagnosticDescriptor Error(string id, string title, string message, params string[] tags) => Create(id, title, message, DiagnosticSeverity.Error, tags);

    private static DiagnosticDescriptor Warning(string id, string title, string message, params string[] tags) => Create(id, title, message, DiagnosticSeverity.Warning, tags);

    private static DiagnosticDescriptor Create(string id, string title, string message, DiagnosticSeverity severity, string[] tags) =>
        new(id, title, message, "Carillon", severity, isEnabledByDefault: true, helpLinkUri: $"docs/diagnostics/{id}.md", customTags: tags);
}
