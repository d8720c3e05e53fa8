using System.Collections.Immutable;
using Carillon.Generators.Models;
using Microsoft.CodeAnalysis;

namespace Carillon.Generators.Discovery;

/// <summary>Reads a method with [OnEvent] as a listener, one with [OnJob] as the handler of a job, and those of a saga as its steps.</summary>
internal static class ListenerReader
{
    /// <summary>The listener, or null if it can never be called: the analyzer says so.</summary>
    internal static ListenerModel? Read(IMethodSymbol target, AttributeData attribute, Compilation compilation)
    {
        // Both parts of a partial method carry the attribute; the declaring one has the default values.
        var method = target.PartialDefinitionPart ?? target;
        if (ListenerRules.Check(method, attribute, compilation).Fault != ListenerFault.None || HasErrors(method))
        {
            return null;
        }

        var listenerClass = method.ContainingType;
        var eventType = method.Parameters[0].Type;
        var saga = SagaReader.Read(method, attribute, compilation);
        var durable = DurableReader.Read(method, attribute);
        durable = saga is null ? durable : durable with { Transactional = true };
        var isJobHandler = KnownTypes.IsOnJobAttribute(attribute.AttributeClass);
        var isOfProjection = !isJobHandler && KnownTypes.IsProjection(listenerClass);
        var (fileName, place) = Position(method);
        return new ListenerModel
        {
            ClassName = TypeNames.Of(listenerClass),
            FileName = fileName,
            Place = place,
            MethodName = TypeNames.Escape(method.Name),
            Id = ListenerId.Of(method, attribute),
            IsStatic = method.IsStatic,
            IsStateless = !isOfProjection && StatelessClass.Is(listenerClass, compilation),
            IsBare = StatelessClass.IsBare(listenerClass, compilation),
            Pattern = ListenerPattern.Of(attribute),
            IsJobHandler = isJobHandler,
            IsOfProjection = isOfProjection,
            Saga = saga,
            Delivery = attribute.ConstructorArguments.LastOrDefault().Value switch
            {
                _ when isJobHandler || saga is not null => "Durable",
                1 => "Durable",
                2 => "Background",
                3 => "BeforeCommit",
                4 => "AfterCommit",
                5 => "AfterRollback",
                6 => "AfterCompletion",
                _ => "Inline",
            },
            Priority = Number(attribute, "Priority"),
            MaxAttempts = Number(attribute, "MaxAttempts"),
            Durable = durable,
            Before = Ids(attribute, "Before"),
            After = Ids(attribute, "After"),
            StopsPropagation = Named(attribute, "StopPropagation").Value is true,
            LogsErrors = Number(attribute, "Errors") == 1,
            WantsName = KnownTypes.IsNamedEvent(eventType),
            EventTypeName = TypeNames.Of(eventType),
            Accepts = isOfProjection ? default : TypeKeys.Accepting(eventType).ToEquatableArray(),
            // A compensation is Carillon's own, and not dispatched.
            Event = saga?.Compensates is null ? EventReader.Read(eventType, compilation) : null,
            Arguments = method.Parameters.Skip(1).Select(parameter => ArgumentReader.Read(parameter, durable.Transactional || isOfProjection)).ToEquatableArray(),
            Result = Result(method),
        };
    }

    // A missing type is the compiler's to report; code about it would only add noise.
    private static bool HasErrors(IMethodSymbol method) =>
        method.Parameters.Any(parameter => parameter.Type.TypeKind == TypeKind.Error) || method.ReturnType.TypeKind == TypeKind.Error;

    private static int Number(AttributeData attribute, string name) =>
        Named(attribute, name).Value as int? ?? 0;

    private static EquatableArray<string> Ids(AttributeData attribute, string name) =>
        Named(attribute, name) is { Kind: TypedConstantKind.Array, IsNull: false } ids
            ? ids.Values.Select(id => id.Value).OfType<string>().ToEquatableArray()
            : default;

    private static TypedConstant Named(AttributeData attribute, string name) =>
        attribute.NamedArguments.FirstOrDefault(argument => argument.Key == name).Value;

    private static ResultKind Result(IMethodSymbol method) =>
        method.ReturnsVoid ? ResultKind.Nothing
        : KnownTypes.IsTask(method.ReturnType) ? ResultKind.Task
        : KnownTypes.IsTaskOfT(method.ReturnType) ? ResultKind.TaskOfT
        : KnownTypes.IsValueTask(method.ReturnType) ? ResultKind.ValueTask
        : KnownTypes.IsValueTaskOfT(method.ReturnType) ? ResultKind.ValueTaskOfT
        : method.ReturnType.IsRefLikeType ? ResultKind.Unusable
        : method.ReturnType.TypeKind == TypeKind.Dynamic ? ResultKind.Dynamic
        : ResultKind.Value;

    // The place is counted among the listeners of the class in the same file. A line or an offset would change with every edit above the method,
    // and the order of the files is up to the file system of the machine.
    private static (string FileName, int Place) Position(IMethodSymbol method)
    {
        var tree = method.DeclaringSyntaxReferences[0].SyntaxTree;
        ImmutableArray<ISymbol> members = method.ContainingType.GetMembers();
        var place = members
            .TakeWhile(member => !SymbolEqualityComparer.Default.Equals(member, method))
            .Count(member => member is IMethodSymbol { MethodKind: MethodKind.Ordinary, IsImplicitlyDeclared: false }
                && member.DeclaringSyntaxReferences[0].SyntaxTree == tree
                && KnownTypes.FindAttribute(member, KnownTypes.IsListenerAttribute) is not null);
        var path = tree.FilePath;
        return (path.Substring(path.LastIndexOfAny(['/', '\\']) + 1), place);
    }
}
