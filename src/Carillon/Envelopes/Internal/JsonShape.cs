using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Carillon.Envelopes.Internal;

/// <summary>Walks the JSON contract of an event and finds what would not come back as it was, before the first event is stored.</summary>
/// <remarks>
/// What a converter of the application's does to its type is trusted, and so is [JsonIgnore]. What only a value can tell (an endless graph, a comparer, a default
/// that is left out) is not found here.
/// </remarks>
internal sealed class JsonShape
{
    private const int DefaultMaxDepth = 64;

    private readonly List<JsonFault> _faults = [];
    private readonly HashSet<Type> _seen = [];

    private JsonShape(JsonSerializerOptions json) => Json = json;

    internal JsonSerializerOptions Json { get; }

    internal static IReadOnlyList<JsonFault> FindFaults(JsonTypeInfo root, JsonSerializerOptions json)
    {
        var shape = new JsonShape(json);
        shape.Visit(root, root.Type.Name, depth: 1);
        return shape._faults;
    }

    internal void Refuse(string text) => _faults.Add(new JsonFault(text, IsLoss: false));

    internal void Lose(string text) => _faults.Add(new JsonFault(text, IsLoss: true));

    internal void Visit(Type type, string path, int depth) => Visit(Json.GetTypeInfo(Nullable.GetUnderlyingType(type) ?? type), path, depth);

    private void Visit(JsonTypeInfo contract, string path, int depth)
    {
        if (!_seen.Add(contract.Type) || IsTrusted(contract))
        {
            return;
        }

        if (UncarriedTypes.Why(contract.Type) is { } reason)
        {
            Refuse($"'{path}' is {UncarriedTypes.Say(contract.Type)}, {reason}");
        }
        else if (contract.Type == typeof(object))
        {
            Lose($"'{path}' is an object: whatever it is comes back as a JsonElement. Say the type that it has, or use [JsonDerivedType] on a base of those that it can have.");
        }
        else if (contract.Kind != JsonTypeInfoKind.None && depth > (Json.MaxDepth == 0 ? DefaultMaxDepth : Json.MaxDepth))
        {
            Refuse($"'{path}' lies {depth} levels deep; JSON is written and read to {(Json.MaxDepth == 0 ? DefaultMaxDepth : Json.MaxDepth)}. Make the event flatter, or raise MaxDepth of EnvelopeOptions.Json.");
        }
        else if (contract.Kind == JsonTypeInfoKind.Object)
        {
            new JsonObjectShape(this, contract, path, depth).Visit();
        }
        else if (contract.Kind is JsonTypeInfoKind.Enumerable or JsonTypeInfoKind.Dictionary)
        {
            JsonCollectionShape.Visit(this, contract, path, depth);
        }
    }

    // A converter that is not JSON's own says itself what is written and read; and JsonElement and its kind are JSON.
    private static bool IsTrusted(JsonTypeInfo contract) =>
        contract.Converter.GetType().Assembly != typeof(JsonSerializer).Assembly || contract.Type.Assembly == typeof(JsonSerializer).Assembly;
}
