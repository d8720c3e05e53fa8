using Carillon.Generators.Models;

namespace Carillon.Generators.Emit;

/// <summary>Writes the method behind a listener's invoker: for durable listeners, and for dispatches whose listeners are known at run time only.</summary>
internal static class InvokerWriter
{
    private static readonly CallWriter Calls = new(
        "call.Services", "call.Context!", "call.CancellationToken", service => $"{Names.Services}.GetRequiredService<{service}>(call.Services)");

    internal static string Name(int listener) => $"Invoke{listener}";

    internal static void Write(SourceWriter writer, ListenerModel listener, int number)
    {
        var call = Calls.Call(listener, $"({listener.EventTypeName})@event");
        writer.Line();
        writer.Line($"// {listener.Id}");
        writer.Open($"private static {Names.ValueTask} {Name(number)}(object @event, in {Names.ListenerCall} call)");
        Results.WriteLast(writer, listener.Result, call);
        writer.Close();
    }
}
