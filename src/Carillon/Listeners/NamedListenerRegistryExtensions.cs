using System.Runtime.CompilerServices;

namespace Carillon.Listeners;

/// <summary>Lambdas that listen by name or by pattern, while the application runs.</summary>
public static class NamedListenerRegistryExtensions
{
    /// <summary>Adds an inline listener by name.</summary>
    /// <typeparam name="TEvent"><see cref="NamedEvent"/>, or what the event or its payload must be: others are left out.</typeparam>
    /// <param name="registry">The registry.</param>
    /// <param name="pattern">A name, <c>user.created</c>, or a pattern: <c>*</c> stands for one segment, <c>#</c> for any number of them.</param>
    /// <param name="handler">Called with each event that has such a name; what it returns is awaited.</param>
    /// <param name="priority">Its place: the highest is called first.</param>
    /// <param name="times">How often it runs before it removes itself, also when dispatches run at the same time; null is without end.</param>
    /// <returns>Dispose it to remove the listener; doing so twice is harmless.</returns>
    /// <exception cref="CarillonException">The pattern is not one.</exception>
    public static IDisposable Listen<TEvent>(this IListenerRegistry registry, string pattern, Action<TEvent> handler, int priority = 0, int? times = null)
        where TEvent : notnull =>
        Add<TEvent>(registry, pattern, LambdaListener.Adapt(handler), priority, times);

    /// <inheritdoc cref="Listen{TEvent}(IListenerRegistry, string, Action{TEvent}, int, int?)"/>
    [OverloadResolutionPriority(1)]
    public static IDisposable Listen<TEvent>(this IListenerRegistry registry, string pattern, Func<TEvent, ValueTask> handler, int priority = 0, int? times = null)
        where TEvent : notnull =>
        Add<TEvent>(registry, pattern, LambdaListener.Adapt(handler), priority, times);

    /// <inheritdoc cref="Listen{TEvent}(IListenerRegistry, string, Action{TEvent}, int, int?)"/>
    public static IDisposable Listen<TEvent>(this IListenerRegistry registry, string pattern, Func<TEvent, Task> handler, int priority = 0, int? times = null)
        where TEvent : notnull =>
        Add<TEvent>(registry, pattern, LambdaListener.Adapt(handler), priority, times);

    /// <inheritdoc cref="Listen{TEvent}(IListenerRegistry, string, Action{TEvent}, int, int?)"/>
    [OverloadResolutionPriority(1)]
    public static IDisposable Listen<TEvent>(this IListenerRegistry registry, string pattern, Func<TEvent, CancellationToken, ValueTask> handler, int priority = 0, int? times = null)
        where TEvent : notnull =>
        Add<TEvent>(registry, pattern, LambdaListener.Adapt(handler), priority, times);

    /// <inheritdoc cref="Listen{TEvent}(IListenerRegistry, string, Action{TEvent}, int, int?)"/>
    public static IDisposable Listen<TEvent>(this IListenerRegistry registry, string pattern, Func<TEvent, CancellationToken, Task> handler, int priority = 0, int? times = null)
        where TEvent : notnull =>
        Add<TEvent>(registry, pattern, LambdaListener.Adapt(handler), priority, times);

    /// <inheritdoc cref="Listen{TEvent}(IListenerRegistry, string, Action{TEvent}, int, int?)"/>
    [OverloadResolutionPriority(1)]
    public static IDisposable Listen<TEvent>(this IListenerRegistry registry, string pattern, Func<TEvent, EventContext, CancellationToken, ValueTask> handler, int priority = 0, int? times = null)
        where TEvent : notnull =>
        Add<TEvent>(registry, pattern, LambdaListener.Adapt(handler), priority, times);

    private static IDisposable Add<TEvent>(IListenerRegistry registry, string pattern, LambdaListener lambda, int priority, int? times)
    {
        ArgumentNullException.ThrowIfNull(registry);
        ArgumentNullException.ThrowIfNull(pattern);
        return registry.Add(lambda.ToListener(typeof(TEvent), new ListenOptions { Priority = priority, Pattern = pattern }), times);
    }
}
