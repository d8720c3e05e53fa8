using Carillon.Generators.Models;

namespace Carillon.Generators.Emit;

/// <summary>Writes the methods behind the listeners' invokers: for durable listeners, and for dispatches whose listeners are known at run time only.</summary>
internal static class InvokerWriter
{
    private static readonly CallWriter Calls = new(
        "call.Services", "call.Context!", "call.CancellationToken", service => $"{Names.Services}.GetRequiredService<{service}>(call.Services)",
        own => $"{Finders.Own}<{own.ClassName}>(call.Services)");

    private static readonly NumberedCode Invokers = new(
        "Invokers", Names.ValueTask, "Invoke", [new("", "object", "@event"), new("in", Names.ListenerCall, "call")]);

    internal static void Write(SourceWriter writer, IReadOnlyList<ListenerModel> listeners)
    {
        if (listeners.Count == 0)
        {
            return;
        }

        Invokers.WriteInstances(writer, RegistrationMethods.ListenerCode);
        Invokers.Write(writer, [.. Enumerable.Range(0, listeners.Count)], number => Write(writer, listeners[number], number));
    }

    private static void Write(SourceWriter writer, ListenerModel listener, int number)
    {
        writer.Line();
        writer.Line(Text.Comment(listener.Id));
        writer.Open(Invokers.Declaration(number));
        Results.WriteOnly(writer, listener.Result, Calls.Call(listener, $"({listener.EventTypeName})@event"));
        writer.Close();
    }
}
