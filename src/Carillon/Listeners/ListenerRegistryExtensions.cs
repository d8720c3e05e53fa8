using System.Runtime.CompilerServices;

namespace Carillon.Listeners;

/// <summary>Lambdas as listeners, while the application runs.</summary>
public static class ListenerRegistryExtensions
{
    /// <summary>Adds an inline listener.</summary>
    /// <param name="registry">The registry.</param>
    /// <param name="handler">Called with each event that <typeparamref name="TEvent"/> can take; what it returns is awaited.</param>
    /// <param name="priority">Its place: the highest is called first.</param>
    /// <param name="times">How often it runs before it removes itself, also when dispatches run at the same time; null is without end.</param>
    /// <returns>Dispose it to remove the listener; doing so twice is harmless.</returns>
    public static IDisposable Listen<TEvent>(this IListenerRegistry registry, Action<TEvent> handler, int priority = 0, int? times = null)
        where TEvent : notnull =>
        Add<TEvent>(registry, LambdaListener.Adapt(handler), priority, times);

    /// <inheritdoc cref="Listen{TEvent}(IListenerRegistry, Action{TEvent}, int, int?)"/>
    [OverloadResolutionPriority(1)]
    public static IDisposable Listen<TEvent>(
        this IListenerRegistry registry, Func<TEvent, ValueTask> handler, int priority = 0, int? times = null)
        where TEvent : notnull =>
        Add<TEvent>(registry, LambdaListener.Adapt(handler), priority, times);

    /// <inheritdoc cref="Listen{TEvent}(IListenerRegistry, Action{TEvent}, int, int?)"/>
    public static IDisposable Listen<TEvent>(this IListenerRegistry registry, Func<TEvent, Task> handler, int priority = 0, int? times = null)
        where TEvent : notnull =>
        Add<TEvent>(registry, LambdaListener.Adapt(handler), priority, times);

    /// <inheritdoc cref="Listen{TEvent}(IListenerRegistry, Action{TEvent}, int, int?)"/>
    [OverloadResolutionPriority(1)]
    public static IDisposable Listen<TEvent>(
        this IListenerRegistry registry, Func<TEvent, CancellationToken, ValueTask> handler, int priority = 0, int? times = null)
        where TEvent : notnull =>
        Add<TEvent>(registry, LambdaListener.Adapt(handler), priority, times);

    /// <inheritdoc cref="Listen{TEvent}(IListenerRegistry, Action{TEvent}, int, int?)"/>
    public static IDisposable Listen<TEvent>(
        this IListenerRegistry registry, Func<TEvent, CancellationToken, Task> handler, int priority = 0, int? times = null)
        where TEvent : notnull =>
        Add<TEvent>(registry, LambdaListener.Adapt(handler), priority, times);

    /// <inheritdoc cref="Listen{TEvent}(IListenerRegistry, Action{TEvent}, int, int?)"/>
    [OverloadResolutionPriority(1)]
    public static IDisposable Listen<TEvent>(
        this IListenerRegistry registry, Func<TEvent, EventContext, CancellationToken, ValueTask> handler, int priority = 0, int? times = null)
        where TEvent : notnull =>
        Add<TEvent>(registry, LambdaListener.Adapt(handler), priority, times);

    /// <inheritdoc cref="Listen{TEvent}(IListenerRegistry, Action{TEvent}, int, int?)"/>
    public static IDisposable Listen<TEvent>(
        this IListenerRegistry registry, Func<TEvent, EventContext, CancellationToken, Task> handler, int priority = 0, int? times = null)
        where TEvent : notnull =>
        Add<TEvent>(registry, LambdaListener.Adapt(handler), priority, times);

    /// <summary>Adds a listener of which more is to be said than its priority.</summary>
    /// <param name="registry">The registry.</param>
    /// <param name="handler">Called with each event that <typeparamref name="TEvent"/> can take; what it returns is awaited.</param>
    /// <param name="configure">Its place, its id, its pattern, its delivery: inline, of a phase, or in the background if AddCarillon said <c>UseBackground</c>.</param>
    /// <param name="times">How often it runs before it removes itself, also when dispatches run at the same time; null is without end.</param>
    /// <returns>Dispose it to remove the listener; doing so twice is harmless.</returns>
    /// <exception cref="CarillonException">What is said of it cannot be, as of a durable one, which must be known when the host starts. Nothing has changed then.</exception>
    public static IDisposable Listen<TEvent>(
        this IListenerRegistry registry, Action<TEvent> handler, Action<ListenOptions> configure, int? times = null)
        where TEvent : notnull =>
        Add<TEvent>(registry, LambdaListener.Adapt(handler), configure, times);

    /// <inheritdoc cref="Listen{TEvent}(IListenerRegistry, Action{TEvent}, Action{ListenOptions}, int?)"/>
    [OverloadResolutionPriority(1)]
    public static IDisposable Listen<TEvent>(
        this IListenerRegistry registry, Func<TEvent, ValueTask> handler, Action<ListenOptions> configure, int? times = null)
        where TEvent : notnull =>
        Add<TEvent>(registry, LambdaListener.Adapt(handler), configure, times);

    /// <inheritdoc cref="Listen{TEvent}(IListenerRegistry, Action{TEvent}, Action{ListenOptions}, int?)"/>
    public static IDisposable Listen<TEvent>(
        this IListenerRegistry registry, Func<TEvent, Task> handler, Action<ListenOptions> configure, int? times = null)
        where TEvent : notnull =>
        Add<TEvent>(registry, LambdaListener.Adapt(handler), configure, times);

    /// <inheritdoc cref="Listen{TEvent}(IListenerRegistry, Action{TEvent}, Action{ListenOptions}, int?)"/>
    [OverloadResolutionPriority(1)]
    public static IDisposable Listen<TEvent>(
        this IListenerRegistry registry, Func<TEvent, CancellationToken, ValueTask> handler, Action<ListenOptions> configure, int? times = null)
        where TEvent : notnull =>
        Add<TEvent>(registry, LambdaListener.Adapt(handler), configure, times);

    /// <inheritdoc cref="Listen{TEvent}(IListenerRegistry, Action{TEvent}, Action{ListenOptions}, int?)"/>
    public static IDisposable Listen<TEvent>(
        this IListenerRegistry registry, Func<TEvent, CancellationToken, Task> handler, Action<ListenOptions> configure, int? times = null)
        where TEvent : notnull =>
        Add<TEvent>(registry, LambdaListener.Adapt(handler), configure, times);

    /// <inheritdoc cref="Listen{TEvent}(IListenerRegistry, Action{TEvent}, Action{ListenOptions}, int?)"/>
    [OverloadResolutionPriority(1)]
    public static IDisposable Listen<TEvent>(
        this IListenerRegistry registry, Func<TEvent, EventContext, CancellationToken, ValueTask> handler, Action<ListenOptions> configure, int? times = null)
        where TEvent : notnull =>
        Add<TEvent>(registry, LambdaListener.Adapt(handler), configure, times);

    /// <inheritdoc cref="Listen{TEvent}(IListenerRegistry, Action{TEvent}, Action{ListenOptions}, int?)"/>
    public static IDisposable Listen<TEvent>(
        this IListenerRegistry registry, Func<TEvent, EventContext, CancellationToken, Task> handler, Action<ListenOptions> configure, int? times = null)
        where TEvent : notnull =>
        Add<TEvent>(registry, LambdaListener.Adapt(handler), configure, times);

    private static IDisposable Add<TEvent>(IListenerRegistry registry, LambdaListener lambda, int priority, int? times)
    {
        ArgumentNullException.ThrowIfNull(registry);
        return registry.Add(lambda.ToListener(typeof(TEvent), new ListenOptions { Priority = priority }), times);
    }

    internal static IDisposable Add<TEvent>(IListenerRegistry registry, LambdaListener lambda, Action<ListenOptions> configure, int? times)
    {
        ArgumentNullException.ThrowIfNull(registry);
        ArgumentNullException.ThrowIfNull(configure);
        var options = new ListenOptions();
        configure(options);
        if (options.Delivery == Delivery.Durable)
        {
            // The registry refuses it with the reason; that it has no id is not what is wrong.
            options.Id ??= "lambda";
        }

        return registry.Add(lambda.ToListener(typeof(TEvent), options), times);
    }
}
