using System.Text;

namespace Carillon.Generators.Emit;

/// <summary>Writes C# with indentation. Lines end with \n on every machine, so that the same source gives the same file.</summary>
internal sealed class SourceWriter
{
    private readonly StringBuilder _text = new();
    private int _depth;

    // None behind an opening brace.
    internal void Line()
    {
        if (_text[_text.Length - 2] != '{')
        {
            _text.Append('\n');
        }
    }

    internal void Line(string line) => _text.Append(' ', _depth * 4).Append(line).Append('\n');

    internal void Open(string line)
    {
        Line(line);
        Line("{");
        _depth++;
    }

    internal void Close()
    {
        _depth--;
        Line("}");
    }

    internal void Indent(string line)
    {
        Line(line);
        _depth++;
    }

    internal void Unindent() => _depth--;

    public override string ToString() => _text.ToString();
}
