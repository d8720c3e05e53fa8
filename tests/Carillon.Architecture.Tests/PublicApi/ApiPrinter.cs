using System.Reflection;
using System.Text;

namespace Carillon.Architecture.Tests.PublicApi;

/// <summary>What another assembly can see of a package, as C# without bodies. The same assembly always gives the same text.</summary>
internal sealed class ApiPrinter
{
    private readonly StringBuilder _text = new();
    private int _depth;

    private ApiPrinter()
    {
    }

    internal static string Print(IEnumerable<Type> types)
    {
        var printer = new ApiPrinter();
        var namespaces = types
            .Where(type => !type.IsNested && ApiMembers.IsVisible(type))
            .GroupBy(type => type.Namespace ?? "")
            .OrderBy(group => group.Key, StringComparer.Ordinal);
        foreach (var group in namespaces)
        {
            printer.Separate();
            printer.Line($"namespace {group.Key}");
            printer.Block(() => printer.Types(group.OrderBy(type => type.Name, StringComparer.Ordinal)));
        }

        return printer._text.ToString();
    }

    private void Types(IEnumerable<Type> types)
    {
        foreach (var type in types)
        {
            Separate();
            Lines(AttributeText.Of(type.CustomAttributes));
            if (TypeHeader.IsDelegate(type))
            {
                Line(TypeHeader.Delegate(type));
                continue;
            }

            Line(TypeHeader.Of(type));
            Block(() => Content(type));
        }
    }

    private void Content(Type type)
    {
        if (type.IsEnum)
        {
            Enumeration(type);
            return;
        }

        Lines(ApiMembers.Of(type).SelectMany(member => member));
        Types(ApiMembers.NestedTypes(type));
    }

    private void Enumeration(Type type)
    {
        var constants = type.GetFields(BindingFlags.Public | BindingFlags.Static)
            .OrderBy(field => Convert.ToDecimal(field.GetRawConstantValue(), null))
            .ThenBy(field => field.Name, StringComparer.Ordinal);
        foreach (var constant in constants)
        {
            Lines(AttributeText.Of(constant.CustomAttributes));
            Line($"{constant.Name} = {ValueText.Of(constant.GetRawConstantValue(), Enum.GetUnderlyingType(type))},");
        }
    }

    private void Block(Action content)
    {
        Line("{");
        _depth++;
        content();
        _depth--;
        Line("}");
    }

    // A blank line between types, none after the brace that opens what they are in.
    private void Separate()
    {
        if (_text.Length > 0 && !_text.ToString().EndsWith("{\n", StringComparison.Ordinal))
        {
            _text.Append('\n');
        }
    }

    private void Lines(IEnumerable<string> lines)
    {
        foreach (var line in lines)
        {
            Line(line);
        }
    }

    private void Line(string line) => _text.Append(' ', _depth * 4).Append(line).Append('\n');
}
