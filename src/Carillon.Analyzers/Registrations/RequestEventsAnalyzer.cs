using System.Collections.Concurrent;
using System.Collections.Immutable;
using Carillon.Analyzers.Listeners;
using Carillon.Analyzers.Symbols;
using Carillon.Generators.Discovery;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Carillon.Analyzers.Registrations;

/// <summary>Tells a web application whose listeners take the events of requests that its pipeline dispatches none.</summary>
/// <remarks>Only where the pipeline is put together: a worker may well have the listeners of a site, and hear no request.</remarks>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class RequestEventsAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rules.RequestsUnheard];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterCompilationStartAction(static start =>
        {
            if (Application.Is(start.Compilation)
                && CarillonTypes.Find(start.Compilation) is { Core: not null } carillon
                && start.Compilation.GetTypeByMetadataName("Carillon.AspNetCore.BeforeHandleRequest") is { } before
                && start.Compilation.GetTypeByMetadataName("Carillon.AspNetCore.AfterHandleRequest") is { } after)
            {
                Watch(start, carillon, before, after);
            }
        });
    }

    private static void Watch(CompilationStartAnalysisContext start, CarillonTypes carillon, INamedTypeSymbol before, INamedTypeSymbol after)
    {
        var unheard = new ConcurrentBag<Diagnostic>();
        var pipelines = new ConcurrentBag<IMethodSymbol>();
        var places = new ConcurrentBag<IMethodSymbol>();

        // A pattern may stand for other names too.
        bool Is(INamedTypeSymbol request, ITypeSymbol eventType, string? pattern) =>
            SymbolEqualityComparer.Default.Equals(eventType, request) || (pattern is not null && pattern == EventReader.Name(KnownTypes.FindAttribute(request, KnownTypes.IsEventAttribute)));

        void Note(ITypeSymbol eventType, string? pattern, string name, Location location)
        {
            if ((Is(before, eventType, pattern) ? before : Is(after, eventType, pattern) ? after : null) is { } request)
            {
                unheard.Add(Diagnostic.Create(Rules.RequestsUnheard, location, name, request.Name));
            }
        }

        Application.ForEachListener(start, listener => Note(listener.EventType, listener.Pattern, ListenerName.Of(listener.Method), listener.Method.Locations[0]));
        Application.ForEachUse(start, (method, use) =>
        {
            if (method.Name == "UseRequestEvents" && SymbolEqualityComparer.Default.Equals(method.ContainingAssembly, before.ContainingAssembly))
            {
                places.Add(method);
            }
            else if (IsOfPipeline(method))
            {
                pipelines.Add(method);
            }
            else if (Registration.Read(use, carillon) is { } registration)
            {
                Note(registration.EventType, registration.Pattern, registration.Name, Position.OfName(use));
            }
        });
        start.RegisterCompilationEndAction(end =>
        {
            if (places.IsEmpty && !pipelines.IsEmpty)
            {
                foreach (var each in unheard)
                {
                    end.ReportDiagnostic(each);
                }
            }
        });
    }

    // app.Use..., app.Map..., app.Run().
    private static bool IsOfPipeline(IMethodSymbol method) =>
        method.IsExtensionMethod && method.Parameters.Length > 0
            ? IsPipeline(method.Parameters[0].Type)
            : method.ContainingType is { Name: "WebApplication" } type && IsPipeline(type) && method.Name is "Run" or "RunAsync";

    private static bool IsPipeline(ITypeSymbol type) =>
        type.ContainingNamespace?.ToDisplayString() switch
        {
            "Microsoft.AspNetCore.Builder" => type.Name is "IApplicationBuilder" or "WebApplication",
            "Microsoft.AspNetCore.Routing" => type.Name == "IEndpointRouteBuilder",
            _ => false,
        };
}
