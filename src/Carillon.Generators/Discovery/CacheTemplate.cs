using Carillon.Generators.Models;
using Microsoft.CodeAnalysis;

namespace Carillon.Generators.Discovery;

/// <summary>Reads what [InvalidatesCache] says of an event: text with properties in braces.</summary>
internal static class CacheTemplate
{
    // What stands for itself in a value separates nothing: {A}x{B} could be read in two ways.
    private const string Unreserved = "-._~%";

    internal static IEnumerable<CacheTagModel> ReadAll(ITypeSymbol eventType, Compilation compilation) =>
        eventType.GetAttributes().Where(attribute => KnownTypes.IsInvalidatesCacheAttribute(attribute.AttributeClass)).Select(attribute => Read(eventType, attribute, compilation));

    internal static CacheTagModel Read(ITypeSymbol eventType, AttributeData attribute, Compilation compilation)
    {
        var template = attribute.ConstructorArguments.FirstOrDefault().Value as string ?? string.Empty;
        var durable = attribute.NamedArguments.Any(argument => argument is { Key: "Durable", Value.Value: true });
        var (code, fault) = Parse(eventType, template, compilation);
        return new CacheTagModel(template, fault is null ? code : null, fault, durable);
    }

    private static (string Code, string? Fault) Parse(ITypeSymbol eventType, string template, Compilation compilation)
    {
        if (template.Length == 0)
        {
            return (string.Empty, "an empty tag is on no entry");
        }

        var parts = new List<string>();
        var separates = true;
        for (var place = 0; place < template.Length;)
        {
            var open = template.IndexOf('{', place);
            var text = open < 0 ? template.Substring(place) : template.Substring(place, open - place);
            if (text.IndexOf('}') >= 0)
            {
                return (string.Empty, "it has a '}' without its '{'");
            }

            separates |= text.Any(character => character >= 128 || (!char.IsLetterOrDigit(character) && Unreserved.IndexOf(character) < 0));
            if (text.Length > 0)
            {
                parts.Add(Quote(text));
            }

            if (open < 0)
            {
                break;
            }

            var close = template.IndexOf('}', open);
            if (close < 0)
            {
                return (string.Empty, "it has a '{' without its '}'");
            }

            if (!separates)
            {
                return (string.Empty, "nothing separates two of its properties, so that two pairs of values could make one tag: put a ':' between them");
            }

            var path = template.Substring(open + 1, close - open - 1);
            var (code, end, fault) = PropertyPath.Follow(eventType, path, compilation);
            if (fault is not null)
            {
                return (string.Empty, fault);
            }

            if (end!.IsRefLikeType || Pointers.AreIn(end))
            {
                return (string.Empty, $"'{path}' is of the type '{end.ToDisplayString()}', which no text can be made of");
            }

            parts.Add($"global::Carillon.Caching.CacheTag.Encode((({TypeNames.Of(eventType)})@event){code})");
            separates = false;
            place = close + 1;
        }

        return (string.Join(", ", parts), null);
    }

    private static string Quote(string text) => Microsoft.CodeAnalysis.CSharp.SymbolDisplay.FormatLiteral(text, quote: true);
}
