using System.Collections.Immutable;
using System.Composition;
using Carillon.Analyzers;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;
using Microsoft.CodeAnalysis.Simplification;

namespace Carillon.CodeFixes;

/// <summary>Makes JSON carry a member of a durable event: by an init accessor, or by marking it.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(CarriedFix))]
[Shared]
public sealed class CarriedFix : CodeFixProvider
{
    private const string Init = "Make the property init-only";
    private const string Include = "Mark it [JsonInclude]";

    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = [RuleIds.MemberIsLost];

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        context.Diagnostics[0].Properties.TryGetValue("mend", out var mend);
        var (title, before, after) = (mend, root?.FindNode(context.Span).FirstAncestorOrSelf<MemberDeclarationSyntax>()) switch
        {
            ("init", PropertyDeclarationSyntax { AccessorList: not null } property) => (Init, (MemberDeclarationSyntax)property, (MemberDeclarationSyntax)WithInit(property)),
            ("include", PropertyDeclarationSyntax property) => (Include, property, WithMark(property)),
            // One mark would hold for all that are declared together.
            ("include", FieldDeclarationSyntax { Declaration.Variables.Count: 1 } field) => (Include, field, WithMark(field)),
            _ => (null, null, null),
        };
        if (title is not null)
        {
            context.RegisterCodeFix(
                CodeAction.Create(title, _ => Task.FromResult(context.Document.WithSyntaxRoot(root!.ReplaceNode(before!, after!))), title),
                context.Diagnostics);
        }
    }

    private static PropertyDeclarationSyntax WithInit(PropertyDeclarationSyntax property) =>
        property.WithAccessorList(property.AccessorList!.AddAccessors(
                SyntaxFactory.AccessorDeclaration(SyntaxKind.InitAccessorDeclaration).WithSemicolonToken(SyntaxFactory.Token(SyntaxKind.SemicolonToken))))
            .WithAdditionalAnnotations(Formatter.Annotation);

    private static MemberDeclarationSyntax WithMark(MemberDeclarationSyntax member)
    {
        var mark = SyntaxFactory.Attribute(SyntaxFactory.ParseName("global::System.Text.Json.Serialization.JsonInclude")).WithAdditionalAnnotations(Simplifier.Annotation);
        return member.WithoutLeadingTrivia()
            .AddAttributeLists(SyntaxFactory.AttributeList(SyntaxFactory.SingletonSeparatedList(mark)).WithTrailingTrivia(SyntaxFactory.ElasticLineFeed))
            .WithLeadingTrivia(member.GetLeadingTrivia())
            .WithAdditionalAnnotations(Formatter.Annotation);
    }
}
