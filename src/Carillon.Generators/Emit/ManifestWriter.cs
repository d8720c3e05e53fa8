using Carillon.Generators.Models;

namespace Carillon.Generators.Emit;

/// <summary>Writes the manifest: the listeners that are alone with their event as one text, a line each, which costs a start nothing but its length.</summary>
internal static class ManifestWriter
{
    internal static readonly char[] Separators = ['\t', '\n', '\r'];

    private static readonly NumberedCode EventTypes = new("EventTypes", Names.Type, "Get", []);

    internal static void Write(SourceWriter writer, RegistrationModel model)
    {
        var alone = LoneListeners.Find(model);
        if (alone.IsEmpty)
        {
            return;
        }

        EventTypes.Write(writer, [.. Enumerable.Range(0, model.Plans.Count)], number =>
        {
            writer.Line();
            writer.Line($"{EventTypes.Declaration(number)} => typeof({model.Plans[number].Event.TypeName});");
        });
        LoneCallWriter.Write(writer, model, alone);
        writer.Line();
        writer.Open($"private sealed class Manifest : {Names.GeneratedManifest}");
        writer.Line("internal static readonly Manifest Instance = new Manifest();");
        writer.Line();
        // No character of a C# name takes two units in UTF-16, so that names are in the order of their bytes as well.
        var lines = Lines(model, alone).OrderBy(line => line, StringComparer.Ordinal);
        writer.Line($"protected override {Names.ReadOnlySpan}<byte> Text => @\"{string.Join("\n", lines).Replace("\"", "\"\"")}\"u8;");
        writer.Line();
        writer.Line($"public override {Names.Type} GetEventType(int plan) => {EventTypes.Call("plan")};");
        writer.Line();
        writer.Line($"public override {Names.ListenerInvoker} GetInvoker(int listener) => new {RegistrationMethods.ListenerCode}(listener).Invoke;");
        writer.Line();
        writer.Line($"public override {Names.EventPlan} CreatePlan(int plan, {Names.ServiceLifetimes} lifetimes) => {PlanWriter.Plans.Call("plan")};");
        writer.Line();
        writer.Line($"public override void Call(int plan, object @event, ref {Names.LoneCall} call) => {LoneCallWriter.Calls.Call("plan")};");
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
