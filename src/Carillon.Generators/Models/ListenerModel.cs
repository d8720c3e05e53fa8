using Carillon.Names.Internal;

namespace Carillon.Generators.Models;

/// <summary>One method with [OnEvent]. Strings only: nothing of the compilation is kept alive, and equal source gives equal models.</summary>
internal sealed record ListenerModel
{
    /// <summary>The class, <c>global::Acme.OrderListeners</c>.</summary>
    public required string ClassName { get; init; }

    /// <summary>The file of the method, without its folders, and its place among the class's listeners there: the order of registration.</summary>
    public required string FileName { get; init; }

    public required int Place { get; init; }

    /// <summary>The method, escaped as an identifier.</summary>
    public required string MethodName { get; init; }

    public required string Id { get; init; }

    public required bool IsStatic { get; init; }

    /// <summary>Whether the class takes nothing and carries nothing from one call to the next.</summary>
    public required bool IsStateless { get; init; }

    /// <summary>Whether it has no field either: making an instance runs no code of the class.</summary>
    public required bool IsBare { get; init; }

    /// <summary>Whether generated code makes the instance itself, unless the application has registered the class: one serves all.</summary>
    public bool IsOwn => IsStateless && !IsStatic;

    /// <summary>Whether the instance comes from the container.</summary>
    public bool IsService => !IsStateless && !IsStatic;

    /// <summary>The name, or the pattern of names, that an event must have; null if its type alone decides.</summary>
    public required string? Pattern { get; init; }

    /// <summary>Whether it takes the event under its name, whatever it is.</summary>
    public required bool WantsName { get; init; }

    /// <summary>Whether it is the handler of a job, which no event reaches.</summary>
    public required bool IsJobHandler { get; init; }

    /// <summary>Whether it is a method of a projection, which takes stored events and is reached by no dispatch.</summary>
    public required bool IsOfProjection { get; init; }

    /// <summary>What it says as a method of a saga; null for any other.</summary>
    public required SagaModel? Saga { get; init; }

    /// <summary>How events reach it: a member of Carillon.Delivery.</summary>
    public required string Delivery { get; init; }

    /// <summary>Whether it runs inside the dispatch, where straight-line code can call it.</summary>
    public bool IsInline => Delivery == "Inline";

    public required int Priority { get; init; }

    public required int MaxAttempts { get; init; }

    /// <summary>What it says of its deliveries beside that.</summary>
    public required DurableModel Durable { get; init; }

    /// <summary>The ids of the listeners that it is called before, and after.</summary>
    public required EquatableArray<string> Before { get; init; }

    public required EquatableArray<string> After { get; init; }

    public required bool StopsPropagation { get; init; }

    /// <summary>Whether its failures are logged and the dispatch goes on.</summary>
    public required bool LogsErrors { get; init; }

    /// <summary>Whether it says more than most listeners do, which their common registration has no words for.</summary>
    public bool SaysMore => Pattern is not null || Before.Count > 0 || After.Count > 0 || StopsPropagation || LogsErrors || SaysOfDeliveries || IsJobHandler || IsOfProjection || Saga is not null;

    private bool SaysOfDeliveries => Durable is not { Queue: null, TimeoutSeconds: 0, Transactional: false, Ordered: false, SkipsFailed: false, MaxPerKey: 0, RememberSeconds: 0, Unique: null };

    /// <summary>The type of the event parameter.</summary>
    public required string EventTypeName { get; init; }

    /// <summary>The keys of the types whose events reach this listener: the event parameter's own and, with contravariance, others.</summary>
    public required EquatableArray<string> Accepts { get; init; }

    /// <summary>The event parameter as an event that can be registered under a name; null for an interface, an abstract class or object.</summary>
    public required EventModel? Event { get; init; }

    /// <summary>The same, unless it is a payload: what comes under another name than its own.</summary>
    public EventModel? RegisteredEvent => Pattern is null || (Event is { } each && NamePattern.Matches(Pattern, each.Name)) ? Event : null;

    /// <summary>The parameters after the event.</summary>
    public required EquatableArray<ArgumentModel> Arguments { get; init; }

    public required ResultKind Result { get; init; }

    public bool IsAsynchronous => Result is ResultKind.Task or ResultKind.TaskOfT or ResultKind.ValueTask or ResultKind.ValueTaskOfT;

    public bool NeedsContext => Saga is not null || Arguments.Any(argument => argument.Source is ArgumentSource.Context or ArgumentSource.Transaction or ArgumentSource.Connection);
}
