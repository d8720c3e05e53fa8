using System.Text;
using Carillon.Generators.Discovery;
using Carillon.Generators.Emit;
using Carillon.Generators.Models;
using Carillon.Generators.Planning;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Carillon.Generators;

/// <summary>Writes <c>AddListeners()</c>: the listeners and events of an assembly, and a straight-line plan for each event whose listeners are all inline.</summary>
[Generator(LanguageNames.CSharp)]
public sealed class ListenerGenerator : IIncrementalGenerator
{
    internal const string AssemblyStep = "Assembly";
    internal const string ListenersStep = "Listeners";
    internal const string HandlersStep = "Handlers";
    internal const string SagasStep = "Sagas";
    internal const string EventsStep = "Events";
    internal const string CachesStep = "Caches";
    internal const string RegistrationStep = "Registration";

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        context.RegisterPostInitializationOutput(static output => output.AddEmbeddedAttributeDefinition());

        var assembly = context.CompilationProvider
            .Select(static (compilation, _) => AssemblyReader.Read(compilation))
            .WithTrackingName(AssemblyStep);
        var listeners = FindListeners(context, KnownTypes.OnEventAttribute).WithTrackingName(ListenersStep);
        var handlers = FindListeners(context, KnownTypes.OnJobAttribute).WithTrackingName(HandlersStep);
        var starts = FindListeners(context, KnownTypes.StartedByAttribute).WithTrackingName(SagasStep);
        var compensations = FindListeners(context, KnownTypes.CompensatesAttribute).WithTrackingName(SagasStep);
        var events = FindEvents(context, KnownTypes.EventAttribute).WithTrackingName(EventsStep);
        var stale = FindEvents(context, KnownTypes.InvalidatesCacheAttribute).WithTrackingName(CachesStep);

        var methods = listeners.Collect()
            .Combine(handlers.Collect())
            .Select(static (all, _) => all.Left.AddRange(all.Right))
            .Combine(starts.Collect())
            .Select(static (all, _) => all.Left.AddRange(all.Right))
            .Combine(compensations.Collect())
            .Select(static (all, _) => all.Left.AddRange(all.Right));
        var registration = methods
            .Combine(events.Collect().Combine(stale.Collect()).Select(static (all, _) => all.Left.AddRange(all.Right)))
            .Combine(assembly)
            .Select(static (all, _) => all.Right is { } present ? RegistrationPlanner.Plan(present, all.Left.Left, all.Left.Right) : null)
            .WithTrackingName(RegistrationStep);

        context.RegisterSourceOutput(registration, static (output, model) =>
        {
            if (model is not null)
            {
                output.AddSource(AssemblyWriter.FileName, SourceText.From(AssemblyWriter.Write(model), Encoding.UTF8));
            }
        });
    }

    private static IncrementalValuesProvider<EventModel> FindEvents(IncrementalGeneratorInitializationContext context, string attribute) =>
        context.SyntaxProvider
            .ForAttributeWithMetadataName(
                attribute,
                static (node, _) => node is BaseTypeDeclarationSyntax,
                static (found, _) => EventReader.Read((ITypeSymbol)found.TargetSymbol, found.SemanticModel.Compilation))
            .Where(static each => each is not null)
            .Select(static (each, _) => each!);

    private static IncrementalValuesProvider<ListenerModel> FindListeners(IncrementalGeneratorInitializationContext context, string attribute) =>
        context.SyntaxProvider
            .ForAttributeWithMetadataName(
                attribute,
                static (node, _) => node is MethodDeclarationSyntax,
                static (found, _) => ListenerReader.Read((IMethodSymbol)found.TargetSymbol, found.Attributes[0], found.SemanticModel.Compilation))
            .Where(static listener => listener is not null)
            .Select(static (listener, _) => listener!);
}
