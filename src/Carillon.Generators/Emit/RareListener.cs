using Carillon.Generators.Models;

namespace Carillon.Generators.Emit;

/// <summary>Writes the registration of a listener that says what few do. It is longer and slower to compile than that of the others, and only it.</summary>
internal static class RareListener
{
    internal static string Write(ListenerModel listener, int number) =>
        $"{Add(listener)}new {Names.Listener}({Text.Quote(listener.Id)}, typeof({listener.EventTypeName}), Codes[{number}].Invoke) {{ {string.Join(", ", Properties(listener))} }}"
        + (listener.Saga is { } saga ? $", {SagaStepWriter.Write(listener, saga)});" : ");");

    private static string Add(ListenerModel listener) =>
        listener.Saga is not null ? $"{Names.Sagas}.AddSagaStep(carillon, "
        : listener.IsJobHandler ? $"{Names.JobHandlers}.AddJobHandler(carillon, "
        : listener.IsOfProjection ? $"{Names.Projections}.AddProjectionListener(carillon, typeof({listener.ClassName}), "
        : "carillon.AddListener(";

    private static IEnumerable<string> Properties(ListenerModel listener)
    {
        if (listener.Pattern is { } pattern)
        {
            yield return $"Pattern = {Text.Quote(pattern)}";
        }

        if (!listener.IsInline)
        {
            yield return $"Delivery = {Names.Delivery}.{listener.Delivery}";
        }

        if (listener.Priority != 0)
        {
            yield return $"Priority = {listener.Priority}";
        }

        if (listener.MaxAttempts != 0)
        {
            yield return $"MaxAttempts = {listener.MaxAttempts}";
        }

        foreach (var property in DurableProperties.Write(listener.Durable))
        {
            yield return property;
        }

        if (listener.Before.Count > 0)
        {
            yield return $"Before = {Ids(listener.Before)}";
        }

        if (listener.After.Count > 0)
        {
            yield return $"After = {Ids(listener.After)}";
        }

        if (listener.StopsPropagation)
        {
            yield return "StopPropagation = true";
        }

        if (listener.LogsErrors)
        {
            yield return $"Errors = {Names.ListenerErrors}.Log";
        }

        if (listener.NeedsContext)
        {
            yield return "NeedsContext = true";
        }

        var dependencies = RegistrationWriter.Dependencies(listener).Distinct().ToArray();
        if (dependencies.Length > 0)
        {
            yield return $"Dependencies = new {Names.ListenerDependency}[] {{ {string.Join(", ", dependencies)} }}";
        }
        else if (!listener.NeedsContext)
        {
            yield return "CanDispatch = false";
        }
    }

    private static string Ids(IEnumerable<string> ids) => $"new string[] {{ {string.Join(", ", ids.Select(Text.Quote))} }}";
}
