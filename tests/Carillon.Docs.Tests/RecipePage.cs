using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Carillon.Docs.Tests;

/// <summary>A page whose code is run: its types as they are, and each block of statements a method that a test calls by the name in front of it.</summary>
internal static partial class RecipePage
{
    internal static string ToProgram(string markdown)
    {
        var usings = new StringBuilder();
        var methods = new StringBuilder();
        var types = new StringBuilder();
        foreach (Match block in Block().Matches(markdown))
        {
            var root = CSharpSyntaxTree.ParseText(block.Groups["code"].Value).GetCompilationUnitRoot();
            usings.Append(root.Usings.ToFullString());
            var statements = string.Concat(root.Members.OfType<GlobalStatementSyntax>().Select(static statement => statement.ToFullString()));
            types.AppendJoin(string.Empty, root.Members.Where(static member => member is not GlobalStatementSyntax).Select(static member => member.ToFullString()));
            if (statements.Length > 0)
            {
                var name = block.Groups["name"].Success ? block.Groups["name"].Value : throw Unnamed(statements);
                methods.Append(
                    CultureInfo.InvariantCulture,
                    $$"""
                        public static async Task {{name}}(Given given)
                        {
                            var (builder, carillon, application, events, ct) = given;
                            await Task.Yield();
                    {{statements}}
                        }

                    """);
            }
        }

        return $$"""
            {{usings}}
            public static class Page
            {
            {{methods}}
            }

            {{types}}
            """;
    }

    private static InvalidOperationException Unnamed(string statements) =>
        new($"The statements below are run by nobody. Put <!-- run: Name --> on the line in front of their block, and call Page.Name in the tests of the page.\n{statements}");

    [GeneratedRegex("(^<!-- run: (?<name>\\w+) -->\n)?^```csharp\n(?<code>.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Block();
}
