using System.Composition;
using Carillon.Analyzers;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;

namespace Carillon.CodeFixes;

/// <summary>Makes a listener internal that generated code cannot reach.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(InternalFix))]
[Shared]
public sealed class InternalFix() : ReplacingFix(RuleIds.NotReachable)
{
    private const string Title = "Make the listener internal";

    private protected override async ValueTask<Mend?> FindAsync(CodeFixContext context, SyntaxNode node) =>
        node is MethodDeclarationSyntax { ExplicitInterfaceSpecifier: null } method
        && await FindSymbolAsync<IMethodSymbol>(context, method).ConfigureAwait(false) is { } symbol
        && IsEnough(symbol)
        && await context.Document.Project.GetCompilationAsync(context.CancellationToken).ConfigureAwait(false) is { } compilation
        && Types(symbol).All(type => compilation.IsSymbolAccessibleWithin(type, compilation.Assembly))
            ? new Mend(Title, method, SyntaxGenerator.GetGenerator(context.Document).WithAccessibility(method, Accessibility.Internal))
            : null;

    // A hidden type can be neither in the signature of an internal method nor the key of a service.
    private static IEnumerable<ITypeSymbol> Types(IMethodSymbol method) => method.Parameters
        .SelectMany(parameter => parameter.GetAttributes().SelectMany(attribute => attribute.ConstructorArguments).Select(TypeOf).Append(parameter.Type))
        .Append(method.ReturnType)
        .OfType<ITypeSymbol>();

    private static ITypeSymbol? TypeOf(TypedConstant argument) => argument.Kind == TypedConstantKind.Type ? argument.Value as ITypeSymbol : argument.Type;

    // Derived classes and other parts would have to follow; and a type around it that is hidden would still hide it.
    private static bool IsEnough(IMethodSymbol method)
    {
        if (method.IsVirtual || method.IsOverride || method.IsAbstract || method.PartialDefinitionPart is not null || method.PartialImplementationPart is not null)
        {
            return false;
        }

        for (var type = method.ContainingType; type is not null; type = type.ContainingType)
        {
            if (type.IsFileLocal || type.DeclaredAccessibility is not (Accessibility.Public or Accessibility.Internal or Accessibility.ProtectedOrInternal))
            {
                return false;
            }
        }

        return true;
    }
}
