using Carillon.Generators.Models;

namespace Carillon.Generators.Emit;

/// <summary>Writes the call of a listener as an expression.</summary>
/// <param name="services">The expression of the container.</param>
/// <param name="context">The expression of the event context.</param>
/// <param name="cancellationToken">The expression of the token.</param>
/// <param name="resolve">The expression of a service that is needed.</param>
/// <param name="own">The expression of a listener class that needs no container; as a service if there is no difference.</param>
internal sealed class CallWriter(string services, string context, string cancellationToken, Func<string, string> resolve, Func<ListenerModel, string>? own = null)
{
    internal string Call(ListenerModel listener, string @event)
    {
        var target = listener.IsStatic ? listener.ClassName : listener.IsOwn && own is not null ? own(listener) : resolve(listener.ClassName);
        var arguments = listener.Arguments.Select(Argument);
        var call = $"{target}.{listener.MethodName}({string.Join(", ", new[] { @event }.Concat(arguments))})";

        // A forgotten "return Task.CompletedTask" is told with the listener's name; the runtime asks the same question, and answers without it.
        return listener.Result is ResultKind.Task or ResultKind.TaskOfT ? $"({call} ?? throw {Names.ListenerCall}.NoTask({Text.Quote(listener.Id)}))" : call;
    }

    private string Argument(ArgumentModel argument) => argument switch
    {
        { Source: ArgumentSource.CancellationToken } => cancellationToken,
        { Source: ArgumentSource.Context } => context,
        { Source: ArgumentSource.Transaction } => $"({argument.TypeName}){context}.Transaction!",
        { Source: ArgumentSource.Connection } => $"({argument.TypeName}){context}.Transaction!.Connection!",
        { Source: ArgumentSource.ServiceProvider } => services,
        { Source: ArgumentSource.OptionalService, Key: { } key } => $"{Finders.FindKeyed}<{argument.TypeName}>({services}, {key}, {argument.Fallback})",
        { Source: ArgumentSource.OptionalService } => $"{Finders.Find}<{argument.TypeName}>({services}, {argument.Fallback})",
        { Key: { } key } => $"{Names.KeyedServices}.GetRequiredKeyedService<{argument.TypeName}>({services}, {key})",
        _ => resolve(argument.TypeName),
    };
}
