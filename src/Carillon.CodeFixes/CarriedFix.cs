using System.Composition;
using Carillon.Analyzers;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;
using Microsoft.CodeAnalysis.Simplification;

namespace Carillon.CodeFixes;

/// <summary>Makes JSON carry a member of a durable event: by an init accessor, or by marking it.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(CarriedFix))]
[Shared]
public sealed class CarriedFix() : ReplacingFix(RuleIds.MemberIsLost)
{
    private const string Init = "Make the property init-only";
    private const string Include = "Mark it [JsonInclude]";

    private protected override ValueTask<Mend?> FindAsync(CodeFixContext context, SyntaxNode node)
    {
        context.Diagnostics[0].Properties.TryGetValue("mend", out var mend);
        return new ValueTask<Mend?>((mend, node.FirstAncestorOrSelf<MemberDeclarationSyntax>()) switch
        {
            ("init", PropertyDeclarationSyntax { AccessorList: not null } property) => new Mend(Init, property, WithInit(property)),
            ("include", PropertyDeclarationSyntax property) => new Mend(Include, property, WithMark(property)),
            // One mark would hold for all that are declared together.
            ("include", FieldDeclarationSyntax { Declaration.Variables.Count: 1 } field) => new Mend(Include, field, WithMark(field)),
            _ => null,
        });
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
