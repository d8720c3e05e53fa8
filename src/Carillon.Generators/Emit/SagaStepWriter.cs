using Carillon.Generators.Models;

namespace Carillon.Generators.Emit;

/// <summary>Writes what a method of a saga says beside what every listener says.</summary>
internal static class SagaStepWriter
{
    internal static string Write(ListenerModel listener, SagaModel saga)
    {
        var start = $"new {Names.SagaStep}({Text.Quote(saga.Name)}, {Names.SagaStepKind}.{saga.Kind}, typeof({listener.ClassName}), typeof({saga.StateTypeName}))";
        var properties = Properties(listener, saga).ToArray();
        return properties.Length == 0 ? start : $"{start} {{ {string.Join(", ", properties)} }}";
    }

    private static IEnumerable<string> Properties(ListenerModel listener, SagaModel saga)
    {
        if (saga.KeyPath is { } path)
        {
            yield return $"Key = static @event => {Names.SagaKey}.Of((({listener.EventTypeName})@event){path})";
        }

        if (saga.Version != 1)
        {
            yield return $"Version = {saga.Version}";
        }

        if (saga.IgnoresEarly)
        {
            yield return $"Early = {Names.EarlyEvents}.Ignore";
        }

        if (saga.Compensates is { } step)
        {
            yield return $"Compensates = {Text.Quote(step)}";
        }

        if (listener.Arguments.Any(argument => argument.Source is ArgumentSource.Transaction or ArgumentSource.Connection))
        {
            yield return "TakesTransaction = true";
        }
    }
}
