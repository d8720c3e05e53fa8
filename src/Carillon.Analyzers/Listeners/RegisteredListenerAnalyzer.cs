using System.Collections.Concurrent;
using System.Collections.Immutable;
using Carillon.Analyzers.Symbols;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Carillon.Analyzers.Listeners;

/// <summary>Looks at listeners that are registered in code: none is async void, and no two of one builder have one id.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class RegisteredListenerAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rules.AsyncVoid, Rules.DuplicateId];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterCompilationStartAction(static start =>
        {
            if (CarillonTypes.Find(start.Compilation) is not { Core: not null } carillon)
            {
                return;
            }

            var identified = new ConcurrentBag<Identified>();
            start.RegisterOperationAction(
                operation =>
                {
                    if (Registration.Read(operation.Operation, carillon) is { } registration)
                    {
                        CheckHandler(registration, operation.ReportDiagnostic);
                        Remember(registration, identified);
                    }
                },
                OperationKind.Invocation);
            start.RegisterCompilationEndAction(end => CheckIds(identified, end.ReportDiagnostic));
        });
    }

    private static void CheckHandler(Registration registration, Action<Diagnostic> report)
    {
        var handler = registration.Handler?.Target switch
        {
            IAnonymousFunctionOperation lambda => lambda.Symbol,
            IMethodReferenceOperation method => method.Method,
            _ => null,
        };
        if (handler is { IsAsync: true, ReturnsVoid: true })
        {
            report(Diagnostic.Create(Rules.AsyncVoid, registration.Handler!.Syntax.GetLocation(), ListenerName.Of(handler)));
        }
    }

    private static void Remember(Registration registration, ConcurrentBag<Identified> identified)
    {
        // Those that come and go at run time may have the id of one that has gone.
        if (registration is { Id: { } id, IsOfBuilder: true } && Builder(registration.Invocation) is { } builder)
        {
            var branch = Branch.Around(registration.Invocation.Syntax);
            if (!IsSetAnew(builder, branch))
            {
                identified.Add(new Identified(id, registration, builder, branch));
            }
        }
    }

    private static bool IsSetAnew(ISymbol builder, SyntaxNode branch) =>
        branch.DescendantNodes().OfType<AssignmentExpressionSyntax>().Any(assignment => assignment.Left is IdentifierNameSyntax name && name.Identifier.ValueText == builder.Name);

    // Two branches, or two hosts of a test, may well use an id twice: what counts is one branch and one builder.
    private static ISymbol? Builder(IInvocationOperation invocation)
    {
        var current = invocation.Instance ?? invocation.Arguments.FirstOrDefault()?.Value;
        while (current is IInvocationOperation chained)
        {
            current = chained.Instance ?? chained.Arguments.FirstOrDefault()?.Value;
        }

        return current switch
        {
            IParameterReferenceOperation parameter => parameter.Parameter,
            ILocalReferenceOperation local => local.Local,
            _ => null,
        };
    }

    private static void CheckIds(IEnumerable<Identified> identified, Action<Diagnostic> report)
    {
        foreach (var same in identified.GroupBy(each => (each.Id, each.Branch, each.Builder)))
        {
            foreach (var each in same)
            {
                var others = same.Where(other => other != each && !other.IsSame(each)).Select(other => $"'{other.Kind}' in line {other.Line}").OrderBy(other => other, StringComparer.Ordinal).ToArray();
                if (others.Length > 0)
                {
                    report(Diagnostic.Create(Rules.DuplicateId, each.Location, each.Kind, each.Id, string.Join(" and ", others), "options => options.Id = \"...\""));
                }
            }
        }
    }

    private sealed class Identified(string id, Registration registration, ISymbol builder, SyntaxNode branch)
    {
        private readonly IMethodSymbol _method = registration.Invocation.TargetMethod;

        internal string Id { get; } = id;

        internal string Kind { get; } = registration.Kind;

        internal ISymbol Builder { get; } = builder;

        internal SyntaxNode Branch { get; } = branch;

        internal Location Location { get; } = Position.OfName(registration.Invocation);

        internal int Line => Location.GetLineSpan().StartLinePosition.Line + 1;

        /// <summary>A class that is added twice for one event under one id is one listener.</summary>
        internal bool IsSame(Identified other) => _method.Name == "AddListener" && SymbolEqualityComparer.Default.Equals(_method, other._method);
    }
}
