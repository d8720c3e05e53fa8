namespace Carillon.Killing.App.Work;

/// <summary>What this process says of itself: a line for each step, out at once, since it may be the last.</summary>
/// <threadsafety>Safe for concurrent use.</threadsafety>
internal sealed class Lines(TextWriter output)
{
    internal const string CommittedWord = "committed ";
    internal const string UnknownWord = "unknown ";
    internal const string RolledBackWord = "rolled-back ";
    internal const string SentWord = "sent ";
    internal const string RanWord = "ran ";
    internal const string FailedWord = "failed ";
    internal const string LeftWord = "left ";

    private readonly Lock _gate = new();

    internal void Begun(string what) => Say($"begun {what}");

    internal void Ran(string listener) => Say(RanWord + listener);

    internal void Say(string line)
    {
        lock (_gate)
        {
            output.WriteLine(line);
            output.Flush();
        }
    }
}
