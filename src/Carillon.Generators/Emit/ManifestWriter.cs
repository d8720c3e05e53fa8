using Carillon.Generators.Models;

namespace Carillon.Generators.Emit;

/// <summary>Writes the manifest: the listeners that are alone with their event as one text, a line each, which costs a start nothing but its length.</summary>
internal static class ManifestWriter
{
    internal static readonly char[] Separators = ['\t', '\n', '\r'];

    private const string GetEventType = "GetEventTypeOf";

    internal static void Write(SourceWriter writer, RegistrationModel model)
    {
        var alone = LoneListeners.Find(model);
        if (alone.IsEmpty)
        {
            return;
        }

        NumberedCode.Write(writer, Names.Type, GetEventType, [], model.Plans.Count, number => $"{GetEventType}{number}()");
        for (var number = 0; number < model.Plans.Count; number++)
        {
            writer.Line();
            writer.Line($"private static {Names.Type} {GetEventType}{number}() => typeof({model.Plans[number].Event.TypeName});");
        }

        LoneCallWriter.Write(writer, model, alone);
        writer.Line();
        writer.Open($"private sealed class Manifest : {Names.GeneratedManifest}");
        writer.Line("internal static readonly Manifest Instance = new Manifest();");
        writer.Line();
        writer.Line($"private Manifest() : base(@\"{string.Join("\n", Lines(model, alone).OrderBy(line => line, StringComparer.Ordinal)).Replace("\"", "\"\"")}\") {{ }}");
        writer.Line();
        writer.Line($"public override {Names.Type} GetEventType(int plan) => {GetEventType}(plan);");
        writer.Line();
        writer.Line($"public override {Names.ListenerInvoker} GetInvoker(int listener) => new {RegistrationMethods.ListenerCode}(listener).Invoke;");
        writer.Line();
        writer.Line($"public override {Names.EventPlan} CreatePlan(int plan, {Names.ServiceLifetimes} lifetimes) => GeneratedListeners.{PlanWriter.CreatePlan}(plan, lifetimes);");
        writer.Line();
        writer.Line($"public override void Call(int plan, ref {Names.LoneCall} call) => {LoneCallWriter.CallAlone}(plan, ref call);");
        writer.Close();
    }

    private static IEnumerable<string> Lines(RegistrationModel model, LoneListeners alone)
    {
        for (var number = 0; number < model.Listeners.Count; number++)
        {
            var listener = model.Listeners[number];
            if (alone.PlanOf(listener) is { } plan)
            {
                var each = model.Plans[plan].Event;
                yield return $"{each.ReflectionName}\t{each.AssemblyName}\t{each.Name}\t{each.Version}\t{listener.Id}\t{number}\t{plan}";
            }
        }
    }
}
