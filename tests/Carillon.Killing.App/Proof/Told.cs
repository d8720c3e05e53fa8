using System.Collections.Concurrent;
using Carillon.Killing.App.Work;

namespace Carillon.Killing.App.Proof;

/// <summary>What all processes of a proof have said. What one could not say before it was killed is missing: the database has the last word.</summary>
/// <threadsafety>Safe for concurrent use.</threadsafety>
internal sealed class Told
{
    private readonly ConcurrentQueue<string> _committed = new();
    private readonly ConcurrentQueue<string> _rolledBack = new();
    private readonly ConcurrentQueue<string> _unknown = new();

    /// <summary>Orders whose commit, or whose dispatch, has returned.</summary>
    internal IReadOnlyCollection<string> Committed => _committed;

    internal IReadOnlyCollection<string> RolledBack => _rolledBack;

    /// <summary>Orders whose commit threw.</summary>
    internal IReadOnlyCollection<string> Unknown => _unknown;

    internal void Add(string line)
    {
        Add(line, Lines.CommittedWord, _committed);
        Add(line, Lines.SentWord, _committed);
        Add(line, Lines.RolledBackWord, _rolledBack);
        Add(line, Lines.UnknownWord, _unknown);
    }

    private static void Add(string line, string word, ConcurrentQueue<string> to)
    {
        if (line.StartsWith(word, StringComparison.Ordinal))
        {
            foreach (var id in line[word.Length..].Split(';'))
            {
                to.Enqueue(id);
            }
        }
    }
}
