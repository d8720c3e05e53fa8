namespace Carillon.Stores.Tests.Sagas;

/// <summary>What has happened outside, and what the test wants to happen.</summary>
internal sealed class Journal
{
    private readonly List<string> _lines = [];

    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_lines)
            {
                return [.. _lines];
            }
        }
    }

    public int FailuresOfRefund { get; set; }

    public int FailuresOfOverdue { get; set; }

    /// <summary>Where two steps of one saga meet, if the store lets them.</summary>
    public Func<Task>? Meeting { get; set; }

    public void Add(string line)
    {
        lock (_lines)
        {
            _lines.Add(line);
        }
    }
}
