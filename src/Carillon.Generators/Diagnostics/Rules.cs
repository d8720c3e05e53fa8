using Carillon.Generators.Discovery;
using Microsoft.CodeAnalysis;

namespace Carillon.Generators.Diagnostics;

/// <summary>What the analyzer reports. Each rule has a page in docs/diagnostics.</summary>
internal static class Rules
{
    internal static readonly DiagnosticDescriptor NotReachable = Create(
        "CARILLON001",
        "A listener must be reachable from generated code",
        "'{0}' can never be called: {1}. Make it an internal or public method of an internal or public class.");

    internal static readonly DiagnosticDescriptor NoEvent = Create(
        "CARILLON002",
        "A listener takes its event as the first parameter",
        "'{0}' can never be called: {1}. Take the event first, then services, the event context and the cancellation token in any order.");

    internal static readonly DiagnosticDescriptor Generic = Create(
        "CARILLON003",
        "A listener cannot be generic",
        "'{0}' can never be called: {1}, and nothing says which types to call it with. Write a listener for each closed type, or one for an interface that they share.");

    internal static readonly DiagnosticDescriptor AsyncVoid = Create(
        "CARILLON004",
        "A listener cannot be async void",
        "'{0}' is async void: nobody can wait for it, and its exceptions end the process. Return Task or ValueTask.");

    internal static readonly DiagnosticDescriptor ParameterCannotBePassed = Create(
        "CARILLON005",
        "Every parameter of a listener must be one that can be supplied",
        "'{0}' can never be called: {1}. Take events and services by value or by 'in', and give results back through the event.");

    internal static readonly DiagnosticDescriptor NoInstance = Create(
        "CARILLON006",
        "A listener needs a class that can be created",
        "'{0}' can never be called: {1}, so there is no object to call it on. Move it to a class that is not abstract, or make it static there.");

    internal static readonly DiagnosticDescriptor ImpossibleEvent = Create(
        "CARILLON007",
        "The parameter of a listener must be of a type that an event can have",
        "'{0}' can never be called with '{1}': {2}. Take a class, an interface or an ordinary struct.");

    internal static readonly DiagnosticDescriptor DuplicateId = Create(
        "CARILLON008",
        "Two listeners cannot have one id",
        "'{0}' has the id '{1}', which {2} has too. Give one of them another: [OnEvent(Id = \"...\")].",
        WellKnownDiagnosticTags.CompilationEnd);

    internal static readonly DiagnosticDescriptor InvalidEventName = Create(
        "CARILLON009",
        "The name of an event must be valid",
        "The event '{0}' has the name '{1}', but {2}. Give it a name like \"order.placed\".");

    internal static readonly DiagnosticDescriptor EmptyId = Create(
        "CARILLON010",
        "The id of a listener cannot be empty",
        "'{0}' has an empty id, but stored deliveries must name it. Leave Id out, or give it one.");

    internal static readonly DiagnosticDescriptor BadPattern = Create(
        "CARILLON020",
        "The pattern of a listener must be valid",
        "'{0}' listens to {1}. Listen to a name, \"user.created\", or to a pattern like \"user.*\" or \"user.#\".");

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
        _ => throw new ArgumentOutOfRangeException(nameof(fault), fault, "A method without a fault has no rule."),
    };

    private static DiagnosticDescriptor Create(string id, string title, string message, params string[] tags) =>
        new(id, title, message, "Carillon", DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: $"docs/diagnostics/{id}.md", customTags: tags);
}
