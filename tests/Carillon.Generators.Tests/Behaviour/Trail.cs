using System.Diagnostics;

namespace Carillon.Generators.Tests.Behaviour;

/// <summary>What listeners leave behind: their names in the order of the calls, and whether a generated plan has called the first of them.</summary>
internal sealed class Trail
{
    private readonly List<string> _steps = [];

    internal IReadOnlyList<string> Steps => _steps;

    internal bool BeganInPlan { get; private set; }

    internal void Add(string step)
    {
        if (_steps.Count == 0)
        {
            BeganInPlan = IsCalledByPlan();
        }

        _steps.Add(step);
    }

    // What called the dispatch is of no interest: the test runner may well go on to the next test within the last dispatch of the one before.
    private static bool IsCalledByPlan() =>
        new StackTrace().GetFrames()
            .Select(frame => frame.GetMethod()?.DeclaringType?.FullName ?? "")
            .TakeWhile(type => !type.StartsWith("Carillon.Dispatch.", StringComparison.Ordinal))
            .Any(type => type.StartsWith("Carillon.GeneratedListeners+Plan", StringComparison.Ordinal));
}
