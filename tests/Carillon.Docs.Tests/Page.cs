using System.Text;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Carillon.Docs.Tests;

/// <summary>A page of the documentation as one program: its statements in a method, its types beside it.</summary>
internal static partial class Page
{
    internal static string ToProgram(string markdown)
    {
        var usings = new StringBuilder();
        var statements = new StringBuilder();
        var types = new StringBuilder();
        foreach (Match block in CSharpBlock().Matches(markdown))
        {
            var root = CSharpSyntaxTree.ParseText(block.Groups["code"].Value).GetCompilationUnitRoot();
            usings.Append(root.Usings.ToFullString());
            foreach (var member in root.Members)
            {
                (member is GlobalStatementSyntax ? statements : types).Append(member.ToFullString());
            }
        }

        return $$"""
            {{usings}}
            public static class Page
            {
                public static async Task RunAsync(
                    string[] args, HostApplicationBuilder builder, IServiceCollection services, IHost application, CarillonBuilder carillon, CancellationToken ct)
                {
                    await Task.Yield();
                    {
            {{statements}}
                    }
                }

            {{types}}
            }
            """;
    }

    [GeneratedRegex("^```csharp\n(?<code>.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex CSharpBlock();
}
