using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis.CSharp;

namespace Carillon.Architecture.Tests.PublicApi;

/// <summary>Members as C# declares them, without a body.</summary>
internal static class MemberText
{
    internal static string Constructor(ConstructorInfo constructor) =>
        $"{Access(constructor)}{TypeText.Simple(constructor.DeclaringType!)}({Parameters(constructor)});";

    internal static string Field(FieldInfo field)
    {
        var type = TypeText.Of(field.FieldType, Nullability.Of(field));
        var access = Access(field.IsPublic);
        return field switch
        {
            { IsLiteral: true } => $"{access}const {type} {field.Name} = {ValueText.Of(field.GetRawConstantValue(), field.FieldType)};",
            _ => $"{access}{(field.IsStatic ? "static " : "")}{(field.IsInitOnly ? "readonly " : "")}{type} {field.Name};",
        };
    }

    internal static string Property(PropertyInfo property)
    {
        var getter = property.GetMethod is { } get && ApiMembers.IsVisible(get) ? get : null;
        var setter = property.SetMethod is { } set && ApiMembers.IsVisible(set) ? set : null;
        var widest = getter is null || (setter is { IsPublic: true } && !getter.IsPublic) ? setter! : getter;
        var required = property.IsDefined(typeof(RequiredMemberAttribute)) ? "required " : "";
        var type = ByReference(property.PropertyType, property.CustomAttributes) + TypeText.Of(property.PropertyType, Nullability.Of(property));
        var parameters = property.GetIndexParameters();
        var name = parameters.Length == 0 ? property.Name : $"this[{string.Join(", ", parameters.Select(Parameter))}]";
        return $"{Modifiers(widest)}{required}{type} {name} {{ {Accessor(getter, widest, "get")}{Accessor(setter, widest, IsInit(setter) ? "init" : "set")}}}";
    }

    internal static string Event(EventInfo @event) =>
        $"{Modifiers(@event.AddMethod!)}event {TypeText.Of(@event.EventHandlerType!, Nullability.Of(@event))} {@event.Name};";

    internal static string Method(MethodInfo method)
    {
        var generics = method.GetGenericArguments();
        var constraints = GenericsText.Constraints(generics);
        var extension = method.IsDefined(typeof(ExtensionAttribute)) ? "this " : "";
        return $"{Modifiers(method)}{ReturnAndName(method)}{GenericsText.Parameters(generics)}({extension}{Parameters(method)}){constraints};{DefaultNote(method)}";
    }

    internal static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(Parameter));

    internal static string Return(MethodInfo method) =>
        ByReference(method.ReturnType, method.ReturnParameter.CustomAttributes)
        + TypeText.Of(method.ReturnType, Nullability.Of(method.ReturnParameter));

    private static string ReturnAndName(MethodInfo method) => method.Name switch
    {
        "op_Implicit" => $"implicit operator {Return(method)}",
        "op_Explicit" => $"explicit operator {Return(method)}",
        var name when method.IsSpecialName && name.StartsWith("op_", StringComparison.Ordinal) => $"{Return(method)} operator {SyntaxFacts.GetText(SyntaxFacts.GetOperatorKind(name))}",
        var name => $"{Return(method)} {name}",
    };

    private static string Parameter(ParameterInfo parameter)
    {
        var passing = parameter switch
        {
            { IsOut: true } => "out ",
            { ParameterType.IsByRef: true, IsIn: true } => "in ",
            { ParameterType.IsByRef: true } => ByReference(parameter.ParameterType, parameter.CustomAttributes),
            _ when parameter.IsDefined(typeof(ParamArrayAttribute)) || parameter.IsDefined(typeof(ParamCollectionAttribute)) => "params ",
            _ => "",
        };
        var value = parameter.HasDefaultValue ? " = " + ValueText.Of(parameter.RawDefaultValue, parameter.ParameterType) : "";
        return $"{AttributeText.Inline(parameter.CustomAttributes)}{passing}{TypeText.Of(parameter.ParameterType, Nullability.Of(parameter))} {Name(parameter)}{value}";
    }

    private static string Name(ParameterInfo parameter) =>
        SyntaxFacts.GetKeywordKind(parameter.Name!) == SyntaxKind.None ? parameter.Name! : "@" + parameter.Name;

    private static string ByReference(Type type, IEnumerable<CustomAttributeData> attributes) =>
        !type.IsByRef ? "" : attributes.Any(attribute => attribute.AttributeType.Name is "IsReadOnlyAttribute" or "RequiresLocationAttribute") ? "ref readonly " : "ref ";

    private static string Accessor(MethodInfo? accessor, MethodInfo widest, string word) =>
        accessor is null ? "" : $"{(accessor.IsPublic == widest.IsPublic ? "" : Access(accessor))}{word}; ";

    private static bool IsInit(MethodInfo? setter) =>
        setter?.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) == true;

    private static string Modifiers(MethodInfo method)
    {
        if (method.DeclaringType!.IsInterface)
        {
            return (method.IsStatic ? "static " : "") + (method is { IsStatic: true, IsAbstract: true } ? "abstract " : "");
        }

        var overrides = method.GetBaseDefinition() != method;
        var word = method switch
        {
            { IsStatic: true } => "static ",
            { IsAbstract: true } => overrides ? "abstract override " : "abstract ",
            { IsVirtual: true, IsFinal: true } => overrides ? "sealed override " : "",
            { IsVirtual: true } => overrides ? "override " : "virtual ",
            _ => "",
        };
        return Access(method) + word;
    }

    // A member that is added to an interface breaks its implementers, unless it comes with a body.
    private static string DefaultNote(MethodInfo method) =>
        method is { DeclaringType.IsInterface: true, IsAbstract: false, IsStatic: false } ? " // has a body" : "";

    private static string Access(MethodBase method) => method.DeclaringType!.IsInterface ? "" : Access(method.IsPublic);

    private static string Access(bool isPublic) => isPublic ? "public " : "protected ";
}
