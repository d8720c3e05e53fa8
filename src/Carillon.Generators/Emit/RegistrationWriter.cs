using Carillon.Generators.Models;

namespace Carillon.Generators.Emit;

/// <summary>Writes what happens at start: the events, classes, listeners and plans of the assembly are added to the builder.</summary>
/// <remarks>
/// Start-up is mostly the compilation of this code, so it is short: one call of a small method for each thing that is added. A
/// listener that is alone is a line in a manifest. Measured with 500 events and listeners: 20 ms with object
/// initializers and a delegate for each listener and plan, 11 ms with a call for each thing, 6 ms for naming the 1,000 types alone. Very long methods
/// are slower to compile than a few of them.
/// </remarks>
internal static class RegistrationWriter
{
    private const int StatementsPerMethod = 100;

    internal static void Write(SourceWriter writer, RegistrationModel model)
    {
        var statements = Statements(model).ToArray();
        var parts = (statements.Length + StatementsPerMethod - 1) / StatementsPerMethod;
        writer.Open($"internal static {Names.Builder} AddTo({Names.Builder} carillon)");
        foreach (var statement in parts == 1 ? statements : Enumerable.Range(0, parts).Select(part => $"AddPart{part}(carillon);"))
        {
            writer.Line(statement);
        }

        writer.Line("return carillon;");
        writer.Close();
        for (var part = 0; part < parts && parts > 1; part++)
        {
            WritePart(writer, part, statements.Skip(part * StatementsPerMethod).Take(StatementsPerMethod));
        }

        RegistrationMethods.Write(writer, model);
    }

    private static void WritePart(SourceWriter writer, int part, IEnumerable<string> statements)
    {
        writer.Line();
        writer.Open($"private static void AddPart{part}({Names.Builder} carillon)");
        foreach (var statement in statements)
        {
            writer.Line(statement);
        }

        writer.Close();
    }

    private static IEnumerable<string> Statements(RegistrationModel model)
    {
        var alone = LoneListeners.Find(model);
        return (alone.IsEmpty ? Array.Empty<string>() : ["carillon.AddManifest(Manifest.Instance);"])
            .Concat(model.Events.Where(each => !alone.HasEvent(each)).Select(Event))
            .Concat(model.Events.SelectMany(each => each.CacheTags.Select(tag => CacheTag(each, tag))))
            .Concat(model.Listeners
                // A projection is a service once it is added as such.
                .Where(listener => listener.IsService && !listener.IsOfProjection)
                .GroupBy(listener => listener.ClassName)
                .Select(group => Class(group.First())))
            .Concat(model.Listeners.Select((listener, number) => alone.PlanOf(listener) is null ? Listener(listener, number) : null).OfType<string>())
            .Concat(model.Plans.Select((plan, number) => alone.HasPlan(number) ? null : Plan(plan, number)).OfType<string>());
    }

    private static string Event(EventModel each) =>
        each.SaysMore
            ? $"carillon.AddEvent(new {Names.EventType}(typeof({each.TypeName}), {Text.Quote(each.Name)}, {each.Version}) {{ {string.Join(", ", More(each))} }});"
            : $"AddEvent(carillon, typeof({each.TypeName}), {Text.Quote(each.Name)}, {each.Version});";

    private static IEnumerable<string> More(EventModel each)
    {
        if (each.IsolatesErrors)
        {
            yield return $"Errors = {Names.EventErrors}.Isolate";
        }

        if (each.FormerNames.Count > 0)
        {
            yield return $"FormerNames = new string[] {{ {string.Join(", ", each.FormerNames.Select(Text.Quote))} }}";
        }

        if (each.Leaves)
        {
            yield return "Leaves = true";
        }

        if (each.NeedsSubscriber)
        {
            yield return "NeedsSubscriber = true";
        }
    }

    private static string CacheTag(EventModel each, CacheTagModel tag)
    {
        var code = tag.Code is null ? "null" : $"static @event => string.Concat({tag.Code})";
        var more = tag.Fault is { } fault ? $" {{ Fault = {Text.Quote(fault)} }}" : tag.Durable ? " { Durable = true }" : string.Empty;
        return $"{Names.Caches}.AddCacheInvalidation(carillon, new {Names.CacheInvalidation}(typeof({each.TypeName}), {Text.Quote(tag.Template)}, {code}){more});";
    }

    private static string Class(ListenerModel listener) =>
        $"carillon.AddListenerClass(typeof({listener.ClassName}), {Names.ServiceLifetime}.Scoped);";

    private static string Listener(ListenerModel listener, int number)
    {
        if (listener.SaysMore)
        {
            return RareListener.Write(listener, number);
        }

        var start = $"AddListener(carillon, {number}, {Text.Quote(listener.Id)}, typeof({listener.EventTypeName})";
        if (IsPlain(listener))
        {
            return listener.IsService ? $"{start}, typeof({listener.ClassName}));" : $"{start});";
        }

        var delivery = $"{Names.Delivery}.{listener.Delivery}";
        var needsContext = listener.NeedsContext ? "true" : "false";
        var dependencies = string.Concat(Dependencies(listener).Distinct().Select(dependency => $", {dependency}"));
        return $"{start}, {delivery}, {listener.Priority}, {listener.MaxAttempts}, {needsContext}{dependencies});";
    }

    /// <summary>What most listeners are is said in the fewest words.</summary>
    internal static bool IsPlain(ListenerModel listener) =>
        listener is { IsInline: true, Priority: 0, MaxAttempts: 0, NeedsContext: false, SaysMore: false }
        && listener.Arguments.All(argument => argument.Source == ArgumentSource.CancellationToken);

    internal static IEnumerable<string> Dependencies(ListenerModel listener)
    {
        if (listener.IsService)
        {
            yield return Dependency(listener.ClassName, key: null);
        }

        foreach (var argument in listener.Arguments.Where(argument => argument.Source == ArgumentSource.Service))
        {
            yield return Dependency(argument.TypeName, argument.Key);
        }

        if (listener.Arguments.Any(argument => argument.Source is ArgumentSource.ServiceProvider or ArgumentSource.OptionalService))
        {
            yield return Dependency(Names.ServiceProvider, key: null);
        }
    }

    private static string Dependency(string type, string? key) =>
        $"new {Names.ListenerDependency}(typeof({type}){(key is null ? string.Empty : $", {key}")})";

    private static string Plan(PlanModel plan, int number) => plan.Name is null ? EventPlan(plan, number) : NamePlan(plan, plan.Name, number);

    private static string NamePlan(PlanModel plan, string name, int number) =>
        $"carillon.AddPlan(new {Names.GeneratedPlan}(typeof({plan.Event.TypeName}), new string[] {{ {Ids(plan)} }}, new {RegistrationMethods.PlanCode}({number}).Create) {{ Name = {Text.Quote(name)} }});";

    private static string Ids(PlanModel plan) => string.Join(", ", plan.Listeners.Select(listener => Text.Quote(listener.Id)));

    private static string EventPlan(PlanModel plan, int number) =>
        $"AddPlan(carillon, {number}, typeof({plan.Event.TypeName}), {string.Join(", ", plan.Listeners.Select(listener => Text.Quote(listener.Id)))});";
}
