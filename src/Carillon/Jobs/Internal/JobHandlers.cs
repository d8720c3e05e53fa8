using Carillon.Listeners;

namespace Carillon.Jobs.Internal;

/// <summary>Which handler a type of job has.</summary>
internal sealed class JobHandlers
{
    private readonly Dictionary<Type, Listener> _byType = [];

    internal IReadOnlyCollection<Type> Types => _byType.Keys;

    internal Listener? Find(Type jobType) => _byType.GetValueOrDefault(jobType);

    /// <summary>Says what is wrong with one more handler, or null if it was added.</summary>
    internal string? Add(Listener handler) =>
        !IsJob(handler.EventType) || handler.EventType.IsAbstract
            ? $"The handler '{handler.Id}' takes '{handler.EventType}', which is no type that a job can have: take a class or struct that implements {nameof(IJob)}."
            : _byType.TryAdd(handler.EventType, handler)
                ? null
                : $"The job '{handler.EventType}' has two handlers, '{_byType[handler.EventType].Id}' and '{handler.Id}', but a job is done once. Take one of them away, or make it an event.";

    internal static bool IsJob(Type type) => typeof(IJob).IsAssignableFrom(type);
}
