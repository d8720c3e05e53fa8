using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Carillon.Analyzers.Events;

/// <summary>The words that a project accepts at the end of an event's name though they are not the past of a verb: <c>carillon_accepted_actions = ready, overdue</c>.</summary>
internal static class AcceptedActions
{
    private const string Option = "carillon_accepted_actions";

    internal static ISet<string> Read(AnalyzerOptions options, INamedTypeSymbol type)
    {
        var words = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        if (type.Locations[0].SourceTree is { } tree && options.AnalyzerConfigOptionsProvider.GetOptions(tree).TryGetValue(Option, out var list))
        {
            words.UnionWith(list.Split(',').Select(word => word.Trim()));
        }

        return words;
    }
}
