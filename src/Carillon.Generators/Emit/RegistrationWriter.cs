using Carillon.Generators.Models;

namespace Carillon.Generators.Emit;

/// <summary>Writes what happens at start: the classes, listeners, events and plans of the assembly are added to the builder.</summary>
internal static class RegistrationWriter
{
    // Start-up is mostly the compilation of these methods. One method for each listener has a price of its own every time, and one method for
    // all of a large assembly is nothing that anybody could step through: this many statements are as quick as one method for all.
    private const int StatementsPerMethod = 100;

    internal static void Write(SourceWriter writer, RegistrationModel model)
    {
        var statements = Statements(model).ToArray();
        var parts = (statements.Length + StatementsPerMethod - 1) / StatementsPerMethod;
        writer.Open($"internal static {Names.Builder} AddTo({Names.Builder} carillon)");
        for (var part = 0; part < parts; part++)
        {
            writer.Line($"AddPart{part}(carillon);");
        }

        writer.Line("return carillon;");
        writer.Close();
        for (var part = 0; part < parts; part++)
        {
            writer.Line();
            writer.Open($"private static void AddPart{part}({Names.Builder} carillon)");
            foreach (var statement in statements.Skip(part * StatementsPerMethod).Take(StatementsPerMethod))
            {
                writer.Line(statement);
            }

            writer.Close();
        }
    }

    private static IEnumerable<string> Statements(RegistrationModel model) =>
        model.Events.Select(Event)
            .Concat(model.Listeners.Where(listener => !listener.IsStatic).GroupBy(listener => listener.ClassName).Select(group => Class(group.First())))
            .Concat(model.Listeners.Select(Listener))
            .Concat(model.Plans.Select(Plan));

    private static string Event(EventModel each)
    {
        var version = each.Version == 1 ? string.Empty : $", {each.Version}";
        return $"carillon.AddEvent(new {Names.EventType}(typeof({each.TypeName}), {Text.Quote(each.Name)}{version}));";
    }

    private static string Class(ListenerModel listener) =>
        $"carillon.AddListenerClass(typeof({listener.ClassName}), {Names.ServiceLifetime}.{(listener.IsStateless ? "Singleton" : "Scoped")});";

    // "new ListenerInvoker(...)" is not cached in a static field, as a bare method group would be: each is used once.
    private static string Listener(ListenerModel listener, int number)
    {
        var properties = Properties(listener).ToArray();
        var initializer = properties.Length == 0 ? string.Empty : $" {{ {string.Join(", ", properties)} }}";
        return $"carillon.AddListener(new {Names.Listener}({Text.Quote(listener.Id)}, typeof({listener.EventTypeName}), "
            + $"new {Names.ListenerInvoker}({InvokerWriter.Name(number)})){initializer});";
    }

    private static IEnumerable<string> Properties(ListenerModel listener)
    {
        if (listener.IsDurable)
        {
            yield return $"Delivery = {Names.Delivery}.Durable";
        }

        if (listener.Priority != 0)
        {
            yield return $"Priority = {listener.Priority}";
        }

        if (listener.MaxAttempts != 0)
        {
            yield return $"MaxAttempts = {listener.MaxAttempts}";
        }

        if (listener.NeedsContext)
        {
            yield return "NeedsContext = true";
        }

        var dependencies = Dependencies(listener).Distinct().ToArray();
        if (dependencies.Length > 0)
        {
            yield return $"Dependencies = new {Names.ListenerDependency}[] {{ {string.Join(", ", dependencies)} }}";
        }
    }

    private static IEnumerable<string> Dependencies(ListenerModel listener)
    {
        if (!listener.IsStatic)
        {
            yield return $"new {Names.ListenerDependency}(typeof({listener.ClassName}))";
        }

        foreach (var argument in listener.Arguments.Where(argument => argument.Source == ArgumentSource.Service))
        {
            var key = argument.Key is null ? string.Empty : $", {argument.Key}";
            yield return $"new {Names.ListenerDependency}(typeof({argument.TypeName}){key})";
        }
    }

    private static string Plan(PlanModel plan, int number) =>
        $"carillon.AddPlan(new {Names.GeneratedPlan}(typeof({plan.Event.TypeName}), "
        + $"new string[] {{ {string.Join(", ", plan.Listeners.Select(listener => Text.Quote(listener.Id)))} }}, "
        + $"new global::System.Func<{Names.ServiceLifetimes}, {Names.EventPlan}>({PlanWriter.Factory(number)})));";
}
