using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Carillon.Envelopes.Internal;

/// <summary>Walks the JSON contract of an event and finds what cannot be written or read back, before the first event is stored.</summary>
internal static class JsonShape
{
    internal static string? Fault(JsonTypeInfo root, JsonSerializerOptions json) => Fault(root, json, root.Type.Name, []);

    private static string? Fault(JsonTypeInfo contract, JsonSerializerOptions json, string path, HashSet<Type> seen)
    {
        if (!seen.Add(contract.Type))
        {
            return null;
        }

        return contract.Kind switch
        {
            JsonTypeInfoKind.Object => FaultOfObject(contract, json, path, seen),
            JsonTypeInfoKind.Enumerable or JsonTypeInfoKind.Dictionary when contract.ElementType is { } element =>
                Fault(json.GetTypeInfo(element), json, $"{path}[]", seen),
            _ => IsUnsupported(contract.Type) ? $"'{path}' is a {contract.Type}, which JSON cannot carry. Leave it out, or mark it [JsonIgnore]." : null,
        };
    }

    private static string? FaultOfObject(JsonTypeInfo contract, JsonSerializerOptions json, string path, HashSet<Type> seen)
    {
        if (IsUnsupported(contract.Type))
        {
            return $"'{path}' is a {contract.Type}, which JSON cannot carry. Leave it out, or mark it [JsonIgnore].";
        }

        if ((contract.Type.IsAbstract || contract.Type.IsInterface) && contract.PolymorphismOptions is null)
        {
            return $"'{path}' is {contract.Type}, which is abstract: it could be written but not read back. Use the concrete type, or [JsonDerivedType].";
        }

        var hasParameters = contract.Properties.Any(property => property.AssociatedParameter is not null);
        if (contract.CreateObject is null && !hasParameters && contract.PolymorphismOptions is null)
        {
            return $"'{path}' is {contract.Type}, which has no constructor that JSON can use: give it a public one, or mark one with [JsonConstructor].";
        }

        foreach (var property in contract.Properties)
        {
            // One that is only written, a value computed from others, is not read back and harms nothing.
            if (property.Set is null && property.AssociatedParameter is null)
            {
                continue;
            }

            if (Fault(json.GetTypeInfo(property.PropertyType), json, $"{path}.{property.Name}", seen) is { } fault)
            {
                return fault;
            }
        }

        return null;
    }

    private static bool IsUnsupported(Type type) =>
        type == typeof(Type) || type == typeof(IntPtr) || type == typeof(UIntPtr) || type.IsPointer || type.IsByRefLike
        || typeof(Delegate).IsAssignableFrom(type) || typeof(Stream).IsAssignableFrom(type) || typeof(Task).IsAssignableFrom(type)
        || type == typeof(CancellationToken);
}
