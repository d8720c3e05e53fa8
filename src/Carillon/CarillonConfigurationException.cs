namespace Carillon;

/// <summary>The application's listeners, events or options do not fit together, or one of them has a value that cannot be. Thrown when the host starts; starting it again does not help.</summary>
public sealed class CarillonConfigurationException : CarillonException
{
    /// <summary>For stores and transports, about an option of theirs.</summary>
    /// <param name="problem">What is wrong, with which value, and what to do; it becomes the message as it is.</param>
    /// <param name="innerException">What told of it, if something did.</param>
    public CarillonConfigurationException(string problem, Exception? innerException = null)
        : base(problem, innerException) =>
        Problems = [problem];

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
