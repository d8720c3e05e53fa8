using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Carillon.Envelopes.Internal;

/// <summary>What is lost of collections and dictionaries.</summary>
internal static class JsonCollectionShape
{
    private static readonly Type[] _stacks =
        [typeof(Stack<>), typeof(ConcurrentStack<>), typeof(ImmutableStack<>), typeof(IImmutableStack<>)];

    // Those that JSON can write as the name of a property and read again.
    private static readonly Type[] _keys =
    [
        typeof(string), typeof(bool), typeof(byte), typeof(sbyte), typeof(char), typeof(short), typeof(ushort), typeof(int), typeof(uint), typeof(long), typeof(ulong),
        typeof(Int128), typeof(UInt128), typeof(Half), typeof(float), typeof(double), typeof(decimal), typeof(Guid), typeof(DateTime), typeof(DateTimeOffset),
        typeof(DateOnly), typeof(TimeOnly), typeof(TimeSpan), typeof(Uri), typeof(Version),
    ];

    internal static void Visit(JsonShape shape, JsonTypeInfo contract, string path, int depth)
    {
        var type = contract.Type;
        if (type.IsGenericType && _stacks.Contains(type.GetGenericTypeDefinition()))
        {
            shape.Lose($"'{path}' is {UncarriedTypes.Say(type)}, which comes back upside down. Use a list.");
        }
        else if (WhyNotFilled(contract) is { } reason)
        {
            shape.Refuse($"'{path}' is {UncarriedTypes.Say(type)}, a collection that JSON can write and not fill: {reason} Use a list, an array or an immutable collection.");
            return;
        }

        foreach (var member in MembersOf(type))
        {
            shape.Lose($"'{path}' is {UncarriedTypes.Say(type)}, of which JSON carries the elements only, not '{member}'. Use a class that has the collection, or mark '{member}' [JsonIgnore].");
        }

        if (contract.Kind == JsonTypeInfoKind.Dictionary)
        {
            CheckKey(shape, contract, path);
        }

        if (contract.ElementType is { } element)
        {
            shape.Visit(element, $"{path}[]", depth + 1);
        }
    }

    private static void CheckKey(JsonShape shape, JsonTypeInfo contract, string path)
    {
        if (contract.KeyType is not { } key)
        {
            return;
        }

        if (shape.Json.DictionaryKeyPolicy is not null && key == typeof(string))
        {
            shape.Lose($"'{path}' is a dictionary, and DictionaryKeyPolicy of EnvelopeOptions.Json changes its keys when it is written and not when it is read. Take the policy away.");
        }

        // One with a converter of the application's own may be a key as well as it knows how.
        if (!key.IsEnum && !_keys.Contains(key) && shape.Json.GetTypeInfo(key).Converter.GetType().Assembly == typeof(JsonSerializer).Assembly)
        {
            shape.Refuse($"'{path}' is a dictionary with keys of the type {key}, which cannot be names of JSON properties. Use a string, a number or a Guid as the key, or a list of pairs.");
        }
    }

    // The only way to know is to try: reading an empty one makes it and puts nothing into it.
    private static string? WhyNotFilled(JsonTypeInfo contract)
    {
        try
        {
            JsonSerializer.Deserialize(contract.Kind == JsonTypeInfoKind.Dictionary ? "{}"u8 : "[]"u8, contract);
            return null;
        }
#pragma warning disable CA1031 // Beside what JSON says, whatever the constructor of the collection throws.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            return exception.Message;
        }
    }

    [UnconditionalSuppressMessage("Trimming", "IL2070", Justification = "A member that a trimmed program has lost is one that it never uses.")]
    [UnconditionalSuppressMessage("Trimming", "IL2075", Justification = "As above.")]
    private static IEnumerable<string> MembersOf(Type type)
    {
        for (var current = type; current is not null && current.Namespace?.StartsWith("System", StringComparison.Ordinal) != true; current = current.BaseType)
        {
            foreach (var property in current.GetProperties(BindingFlags.Instance | BindingFlags.Public | BindingFlags.DeclaredOnly))
            {
                if (property.SetMethod is not null && property.GetIndexParameters().Length == 0 && !property.IsDefined(typeof(JsonIgnoreAttribute)))
                {
                    yield return property.Name;
                }
            }
        }
    }
}
