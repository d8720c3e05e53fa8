using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Carillon.Envelopes.Internal;

/// <summary>What is lost of one class or struct that JSON writes by its properties.</summary>
internal sealed class JsonObjectShape(JsonShape shape, JsonTypeInfo contract, string path, int depth)
{
    private const BindingFlags Instance = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    private readonly Type _type = contract.Type;

    internal void Visit()
    {
        if (IsTuple())
        {
            shape.Lose($"'{path}' is a tuple, whose parts are fields that JSON leaves out. Use a record.");
        }
        else if (UncarriedTypes.IsShadow(contract))
        {
            shape.Lose($"'{path}' is {UncarriedTypes.Say(_type)}, which JSON cannot make again from what it writes of it. Carry what makes it up, as a string or a number, or add a converter in ConfigureEnvelopes.");
        }
        else if (!CheckCreation())
        {
            CheckMembers();
            CheckUnseenMembers();
        }

        CheckDerived();
    }

    private bool IsTuple() => _type.IsValueType && _type.IsAssignableTo(typeof(ITuple));

    /// <summary>Whether it can not be made again.</summary>
    private bool CheckCreation()
    {
        if (contract.PolymorphismOptions is null && (_type.IsAbstract || _type.IsInterface))
        {
            shape.Refuse($"'{path}' is {_type}, which is abstract: it could be written but not read back. Use the concrete type, or [JsonDerivedType].");
            return true;
        }

        if (contract.CreateObject is not null || _type.IsAbstract)
        {
            return false;
        }

        var bound = contract.Properties.Select(static property => property.AssociatedParameter?.Name).OfType<string>().ToHashSet();
        var unbound = (contract.ConstructorAttributeProvider as ConstructorInfo)?.GetParameters().Where(parameter => !bound.Contains(parameter.Name!)).ToList() ?? [];
        if (unbound.Count > 0)
        {
            shape.Refuse(
                $"'{path}' is {_type}, whose constructor takes {string.Join(" and ", unbound.Select(static parameter => $"'{parameter.Name}'"))}, but no property of that name and type is written. "
                + "Name parameter and property alike, or mark another constructor with [JsonConstructor].");
            return true;
        }

        if (bound.Count == 0)
        {
            shape.Refuse($"'{path}' is {_type}, which has no constructor that JSON can use: give it a public one, or mark one with [JsonConstructor].");
        }

        return bound.Count == 0;
    }

    private void CheckMembers()
    {
        foreach (var property in contract.Properties)
        {
            if (property.IsExtensionData || (property.Get is null && property.Set is null))
            {
                // The rest of the JSON, as JSON; or left out by [JsonIgnore].
                continue;
            }

            if (property.Get is null)
            {
                shape.Lose($"'{path}.{property.Name}' is read but never written, for its getter is not public. Make it public, or mark it [JsonInclude], or [JsonIgnore] if it can be lost.");
            }
            else if (property.Set is not null || property.AssociatedParameter is not null || IsPopulated(property))
            {
                if (property.CustomConverter is null)
                {
                    shape.Visit(property.PropertyType, $"{path}.{property.Name}", depth + 1);
                }
            }
            else if (IsStored(property))
            {
                shape.Lose(
                    $"'{path}.{property.Name}' is written but never read back, for it has no public setter and no constructor takes it. "
                    + "Give it 'init' or a constructor parameter of its name, mark it [JsonInclude] if its setter is to stay hidden, or [JsonIgnore] if it can be lost.");
            }
        }
    }

    // A value that is computed from others is written for nothing, and harms nobody.
    private static bool IsStored(JsonPropertyInfo property) => property.AttributeProvider switch
    {
        FieldInfo => true,
        PropertyInfo { GetMethod: { } getter } => getter.IsDefined(typeof(CompilerGeneratedAttribute)),
        _ => false,
    };

    private bool IsPopulated(JsonPropertyInfo property) =>
        (property.ObjectCreationHandling ?? contract.PreferredPropertyObjectCreationHandling ?? shape.Json.PreferredObjectCreationHandling) == JsonObjectCreationHandling.Populate;

    // Those that JSON does not look at. What is private is the type's own affair: it may be a cache.
    [UnconditionalSuppressMessage("Trimming", "IL2080", Justification = "A member that a trimmed program has lost is one that it never uses.")]
    private void CheckUnseenMembers()
    {
        var seen = contract.Properties.Select(static property => (property.AttributeProvider as MemberInfo)?.Name).ToHashSet();
        foreach (var field in _type.GetFields(BindingFlags.Instance | BindingFlags.Public))
        {
            if (!seen.Contains(field.Name) && !field.IsDefined(typeof(JsonIgnoreAttribute)))
            {
                shape.Lose($"'{path}.{field.Name}' is a field, which JSON leaves out. Make it a property, or mark it [JsonInclude], or [JsonIgnore] if it can be lost.");
            }
        }

        foreach (var property in _type.GetProperties(Instance))
        {
            if (!seen.Contains(property.Name)
                && property.GetMethod is { } getter && (getter.IsAssembly || getter.IsFamilyOrAssembly) && getter.IsDefined(typeof(CompilerGeneratedAttribute))
                && !property.IsDefined(typeof(JsonIgnoreAttribute)))
            {
                shape.Lose($"'{path}.{property.Name}' is internal, so JSON leaves it out. Make it public, or mark it [JsonInclude], or [JsonIgnore] if it can be lost.");
            }
        }
    }

    private void CheckDerived()
    {
        if (contract.PolymorphismOptions is not { } polymorphism)
        {
            return;
        }

        if (polymorphism.UnknownDerivedTypeHandling != JsonUnknownDerivedTypeHandling.FailSerialization)
        {
            shape.Lose($"'{path}' is {_type}, and those derived from it that are not listed are written as what they are not. Leave UnknownDerivedTypeHandling as it is, and list each with [JsonDerivedType].");
        }

        foreach (var derived in polymorphism.DerivedTypes)
        {
            if (derived.TypeDiscriminator is null)
            {
                shape.Lose($"'{path}' can be {UncarriedTypes.Say(derived.DerivedType)}, which is written without a mark by which it would be read back. Give it one: [JsonDerivedType(typeof({derived.DerivedType.Name}), \"...\")].");
            }

            shape.Visit(derived.DerivedType, $"{path}({derived.DerivedType.Name})", depth);
        }
    }
}
