using Carillon.Generators.Models;

namespace Carillon.Generators.Emit;

/// <summary>Writes the small methods that the registration calls; those that it does not need are left out.</summary>
internal static class RegistrationMethods
{
    internal const string ListenerCode = "ListenerCode";
    internal const string PlanCode = "PlanCode";

    internal static void Write(SourceWriter writer, RegistrationModel model)
    {
        if (model.Events.Count > 0)
        {
            writer.Line();
            writer.Line($"private static void AddEvent({Names.Builder} carillon, {Names.Type} type, string name, int version) =>");
            writer.Line($"    carillon.AddEvent(new {Names.EventType}(type, name, version));");
        }

        if (model.Listeners.Count > 0)
        {
            WriteAddListener(writer);
            WriteCodes(writer, model.Listeners.Count);
        }

        if (model.Plans.Count > 0)
        {
            writer.Line();
            writer.Line($"private static void AddPlan({Names.Builder} carillon, int number, {Names.Type} eventType, params string[] listenerIds) =>");
            writer.Line($"    carillon.AddPlan(new {Names.GeneratedPlan}(eventType, listenerIds, new {PlanCode}(number).Create));");
        }
    }

    private static void WriteAddListener(SourceWriter writer)
    {
        writer.Line();
        writer.Line($"private static void AddListener({Names.Builder} carillon, int number, string id, {Names.Type} eventType, {Names.Type} listenerClass) =>");
        writer.Line($"    AddListener(carillon, number, id, eventType, {Names.Delivery}.Inline, 0, 0, false, new {Names.ListenerDependency}(listenerClass));");
        writer.Line();
        writer.Line($"private static void AddListener({Names.Builder} carillon, int number, string id, {Names.Type} eventType) =>");
        writer.Line($"    carillon.AddListener(new {Names.Listener}(id, eventType, Codes[number].Invoke) {{ CanDispatch = false }});");
        writer.Line();
        writer.Line($"private static void AddListener({Names.Builder} carillon, int number, string id, {Names.Type} eventType, "
            + $"{Names.Delivery} delivery, int priority, int maxAttempts, bool needsContext, params {Names.ListenerDependency}[] dependencies) =>");
        writer.Line($"    carillon.AddListener(new {Names.Listener}(id, eventType, Codes[number].Invoke)");
        writer.Line("    {");
        foreach (var property in new[] { "Delivery", "Priority", "MaxAttempts", "NeedsContext", "Dependencies" })
        {
            writer.Line($"        {property} = {char.ToLowerInvariant(property[0])}{property.Substring(1)},");
        }

        // One that takes nothing beside the event has nothing by which it could dispatch another one.
        writer.Line("        CanDispatch = needsContext || dependencies.Length > 0,");
        writer.Line("    });");
    }

    private static void WriteCodes(SourceWriter writer, int count)
    {
        writer.Line();
        writer.Line("// The same object whenever a listener is added, by which the runtime sees that it was added twice.");
        writer.Line($"private static readonly {ListenerCode}[] Codes = CreateCodes();");
        writer.Line();
        writer.Open($"private static {ListenerCode}[] CreateCodes()");
        writer.Line($"var codes = new {ListenerCode}[{count}];");
        writer.Open("for (var number = 0; number < codes.Length; number++)");
        writer.Line($"codes[number] = new {ListenerCode}(number);");
        writer.Close();
        writer.Line();
        writer.Line("return codes;");
        writer.Close();
    }
}
