using Carillon.Generators.Models;

namespace Carillon.Generators.Emit;

/// <summary>
/// Writes what calls a listener of the manifest before there is a plan: one small method a listener, and nothing else that a first dispatch has to compile.
/// </summary>
/// <remarks>
/// Written for the compiler that meets each of them for the first time. They return nothing: a method that only chooses among some that return a ValueTask takes three
/// times as long as one among those that do not. An instance that may be thrown away at once is made without asking: a branch takes as long as the rest.
/// </remarks>
internal static class LoneCallWriter
{
    internal const string CallAlone = "CallAlone";

    private static readonly Parameter[] Parameters = [new("ref", Names.LoneCall, "call")];

    private static readonly CallWriter Calls = new(
        "", "", "call.CancellationToken", service => service, own => $"(({own})call.Listener(new {own}()))");

    internal static void Write(SourceWriter writer, RegistrationModel model, LoneListeners alone)
    {
        NumberedCode.Write(
            writer, "void", CallAlone, Parameters, model.Plans.Count,
            number => alone.HasPlan(number) ? $"{CallAlone}{number}({Parameter.Arguments(Parameters)})" : null);
        for (var number = 0; number < model.Plans.Count; number++)
        {
            if (alone.HasPlan(number))
            {
                Write(writer, model.Plans[number], number);
            }
        }
    }

    private static void Write(SourceWriter writer, PlanModel plan, int number)
    {
        var listener = plan.Listeners[0];
        var @event = $"({plan.Event.TypeName})call.Event";
        writer.Line();
        writer.Line(Text.Comment(listener.Id));
        writer.Open($"private static void {CallAlone}{number}({Parameter.Declarations(Parameters)})");
        if (plan.Event.StopCheck != StopCheck.None)
        {
            var asked = plan.Event.StopCheck == StopCheck.Property ? plan.Event.TypeName : Names.StoppableEvent;
            writer.Open($"if ((({asked})call.Event).IsPropagationStopped)");
            writer.Line("return;");
            writer.Close();
            writer.Line();
        }

        var call = Calls.Call(listener, @event);
        writer.Line(listener.IsAsynchronous ? $"call.Running = {Running(listener.Result, call)};" : Results.Statement(listener.Result, call));
        writer.Close();
    }

    private static string Running(ResultKind result, string call) =>
        result == ResultKind.ValueTaskOfT ? $"{Finders.Ignore}({call})" : Results.AsValueTask(result, call);
}
