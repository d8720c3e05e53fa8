using Carillon.Generators.Models;

namespace Carillon.Generators.Emit;

/// <summary>
/// Writes what calls a listener of the manifest before there is a plan: one small method a listener, and nothing else that a first dispatch has to compile.
/// </summary>
/// <remarks>
/// Written for the compiler that meets each of them for the first time. They return nothing: a method that only chooses among some that return a ValueTask takes three
/// times as long as one among those that do not. A generic call is cheaper than a constructor and a cast; and where there has to be one, an instance that may be thrown
/// away at once is made without asking, since a branch takes as long as the rest.
/// </remarks>
internal static class LoneCallWriter
{
    internal static readonly NumberedCode Calls = new("Calls", "void", "Call", [new("", "object", "@event"), new("ref", Names.LoneCall, "call")]);

    private static readonly CallWriter Listeners = new(
        "", "", "call.CancellationToken", service => service, own => own.IsBare ? $"call.Listener<{own.ClassName}>()" : $"call.Listener(new {own.ClassName}())");

    internal static void Write(SourceWriter writer, RegistrationModel model, LoneListeners alone) =>
        Calls.Write(
            writer, [.. Enumerable.Range(0, model.Plans.Count).Where(alone.HasPlan)], number => Write(writer, model.Plans[number], number));

    private static void Write(SourceWriter writer, PlanModel plan, int number)
    {
        var listener = plan.Listeners[0];
        var @event = $"({plan.Event.TypeName})@event";
        writer.Line();
        writer.Line(Text.Comment(listener.Id));
        writer.Open(Calls.Declaration(number));
        if (plan.Event.StopCheck != StopCheck.None)
        {
            var asked = plan.Event.StopCheck == StopCheck.Property ? plan.Event.TypeName : Names.StoppableEvent;
            writer.Open($"if ((({asked})@event).IsPropagationStopped)");
            writer.Line("return;");
            writer.Close();
            writer.Line();
        }

        var call = Listeners.Call(listener, @event);
        writer.Line(listener.IsAsynchronous ? $"call.Running = {Running(listener.Result, call)};" : Results.Statement(listener.Result, call));
        writer.Close();
    }

    private static string Running(ResultKind result, string call) =>
        result == ResultKind.ValueTaskOfT ? $"{Finders.Ignore}({call})" : Results.AsValueTask(result, call);
}
