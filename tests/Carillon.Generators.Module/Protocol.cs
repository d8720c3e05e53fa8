namespace Acme.Module;

/// <summary>What the listeners of this module have done.</summary>
public sealed class Protocol
{
    private readonly List<string> _lines = [];

    /// <summary>Line by line.</summary>
    public IReadOnlyList<string> Lines => _lines;

    internal void Add(string line) => _lines.Add(line);
}
