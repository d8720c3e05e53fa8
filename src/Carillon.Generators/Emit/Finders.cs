using Carillon.Generators.Models;

namespace Carillon.Generators.Emit;

/// <summary>Writes the small methods that some listeners need; those that none needs are left out.</summary>
internal static class Finders
{
    internal const string Find = "Find";
    internal const string Own = "Own";
    internal const string FindKeyed = "FindKeyed";
    internal const string Ignore = "Ignore";
    internal const string IgnoreAsync = "IgnoreAsync";

    internal static void Write(SourceWriter writer, RegistrationModel model)
    {
        var listeners = model.Listeners;
        var optional = listeners.SelectMany(listener => listener.Arguments).Where(argument => argument.Source == ArgumentSource.OptionalService).ToArray();
        if (optional.Any(argument => argument.Key is null))
        {
            writer.Line();
            writer.Line($"private static T {Find}<T>({Names.ServiceProvider} services, T fallback) =>");
            writer.Line("    services.GetService(typeof(T)) is T found ? found : fallback;");
        }

        if (optional.Any(argument => argument.Key is not null))
        {
            writer.Line();
            writer.Line($"private static T {FindKeyed}<T>({Names.ServiceProvider} services, object key, T fallback) =>");
            writer.Line($"    services is {Names.KeyedServiceProvider} keyed && keyed.GetKeyedService(typeof(T), key) is T found ? found : fallback;");
        }

        if (listeners.Any(listener => listener.IsOwn))
        {
            writer.Line();
            writer.Line("// One instance serves all, unless the application has registered the class.");
            writer.Line($"private static T {Own}<T>({Names.ServiceProvider} services) where T : class, new() =>");
            writer.Line($"    services.GetService(typeof(T)) as T ?? {Own}Instance<T>.Value;");
            writer.Line();
            writer.Open($"private static class {Own}Instance<T> where T : class, new()");
            writer.Line("internal static readonly T Value = new T();");
            writer.Close();
        }

        if (model.Plans.SelectMany(plan => plan.Called).Any(listener => listener.Result == ResultKind.ValueTaskOfT))
        {
            WriteIgnore(writer);
        }
    }

    private static void WriteIgnore(SourceWriter writer)
    {
        writer.Line();
        writer.Open($"private static {Names.ValueTask} {Ignore}<T>({Names.ValueTask}<T> running)");
        writer.Open("if (!running.IsCompletedSuccessfully)");
        writer.Line($"return {IgnoreAsync}(running);");
        writer.Close();
        writer.Line();
        writer.Line("running.GetAwaiter().GetResult();");
        writer.Line($"return {Names.ValueTask}.CompletedTask;");
        writer.Close();
        writer.Line();
        writer.Line(Results.Pooled);
        writer.Line($"private static async {Names.ValueTask} {IgnoreAsync}<T>({Names.ValueTask}<T> running) => await running.ConfigureAwait(false);");
    }
}
