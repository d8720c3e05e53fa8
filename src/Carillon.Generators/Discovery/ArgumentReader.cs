using Carillon.Generators.Models;
using Microsoft.CodeAnalysis;

namespace Carillon.Generators.Discovery;

/// <summary>Reads a parameter after the event.</summary>
internal static class ArgumentReader
{
    internal static ArgumentModel Read(IParameterSymbol parameter, bool isTransactional)
    {
        var source = isTransactional && Key(parameter) is null ? InTransaction(parameter.Type) ?? Source(parameter) : Source(parameter);
        return source is ArgumentSource.Service or ArgumentSource.OptionalService
            ? new ArgumentModel(source, TypeNames.Of(parameter.Type), Key(parameter), Fallback(parameter))
            : new ArgumentModel(source, TypeNames.Of(parameter.Type), Key: null, Fallback: "default");
    }

    private static ArgumentSource Source(IParameterSymbol parameter) =>
        KnownTypes.IsCancellationToken(WithoutNullable(parameter.Type)) ? ArgumentSource.CancellationToken
        : KnownTypes.IsEventContext(parameter.Type) ? ArgumentSource.Context
        : KnownTypes.IsServiceProvider(parameter.Type) && Key(parameter) is null ? ArgumentSource.ServiceProvider
        : parameter.HasExplicitDefaultValue || parameter.NullableAnnotation == NullableAnnotation.Annotated ? ArgumentSource.OptionalService
        : ArgumentSource.Service;

    // Of any other listener they are services.
    private static ArgumentSource? InTransaction(ITypeSymbol type) =>
        KnownTypes.IsDbTransaction(type) ? ArgumentSource.Transaction
        : KnownTypes.IsDbConnection(type) ? ArgumentSource.Connection
        : null;

    // What may be missing is there all the same: a dispatch always has a token.
    private static ITypeSymbol WithoutNullable(ITypeSymbol type) =>
        type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable ? nullable.TypeArguments[0] : type;

    // Without an argument the attribute means "the key of the service around it", and around a listener there is none.
    private static string? Key(IParameterSymbol parameter) =>
        KnownTypes.FindAttribute(parameter, KnownTypes.IsFromKeyedServicesAttribute) is { ConstructorArguments.IsEmpty: false } attribute
            ? Literals.Boxed(attribute.ConstructorArguments[0])
            : null;

    /// <summary>The type that the key of the parameter names and generated code cannot; null if there is none.</summary>
    internal static ITypeSymbol? HiddenKey(IParameterSymbol parameter, Compilation compilation) =>
        KnownTypes.FindAttribute(parameter, KnownTypes.IsFromKeyedServicesAttribute) is { ConstructorArguments.IsEmpty: false } attribute
        && Literals.NamedType(attribute.ConstructorArguments[0]) is { } type
        && !Accessibility.IsReachable(type, compilation)
            ? type
            : null;

    internal static bool HasArrayAsKey(IParameterSymbol parameter) =>
        KnownTypes.FindAttribute(parameter, KnownTypes.IsFromKeyedServicesAttribute) is { ConstructorArguments.IsEmpty: false } attribute
        && attribute.ConstructorArguments[0].Kind == TypedConstantKind.Array;

    private static string Fallback(IParameterSymbol parameter) =>
        parameter.HasExplicitDefaultValue ? Literals.Of(parameter.ExplicitDefaultValue, parameter.Type) : "default";
}
