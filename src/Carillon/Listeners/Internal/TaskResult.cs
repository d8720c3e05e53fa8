namespace Carillon.Listeners.Internal;

/// <summary>Tells tasks from results: what a listener returns is awaited, and what comes out is the result.</summary>
internal static class TaskResult
{
    internal static bool Of(Type type) =>
        typeof(Task).IsAssignableFrom(type) || type == typeof(ValueTask) || (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ValueTask<>));
}
