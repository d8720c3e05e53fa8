namespace Carillon;

/// <summary>The application's listeners, events or options do not fit together. Thrown when the host starts.</summary>
public sealed class CarillonConfigurationException : CarillonException
{
    internal CarillonConfigurationException(IReadOnlyList<string> problems)
        : base(Describe(problems)) =>
        Problems = problems;

    /// <summary>Every problem that was found; each names the listener, the event and the mend.</summary>
    public IReadOnlyList<string> Problems { get; }

    private static string Describe(IReadOnlyList<string> problems) =>
        problems.Count == 1
            ? $"Carillon is not configured correctly. {problems[0]}"
            : $"Carillon is not configured correctly, in {problems.Count} ways:{string.Concat(problems.Select(problem => $"{Environment.NewLine}- {problem}"))}";
}
