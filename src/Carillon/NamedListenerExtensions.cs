using System.Runtime.CompilerServices;
using Carillon.Listeners;

namespace Carillon;

/// <summary>Lambdas that listen by name or by pattern.</summary>
public static class NamedListenerExtensions
{
    /// <summary>Adds a lambda as a listener by name.</summary>
    /// <typeparam name="TEvent"><see cref="NamedEvent"/>, or what the event or its payload must be: others are left out.</typeparam>
    /// <param name="carillon">The builder of the application.</param>
    /// <param name="pattern">A name, <c>user.created</c>, or a pattern: <c>*</c> stands for one segment, <c>#</c> for any number of them.</param>
    /// <param name="handler">Called with each event that has such a name; what it returns is awaited.</param>
    /// <param name="configure">Its place, its delivery, its id.</param>
    /// <exception cref="CarillonException">It is durable and has no id.</exception>
    public static CarillonBuilder Listen<TEvent>(
        this CarillonBuilder carillon, string pattern, Action<TEvent> handler, Action<ListenOptions>? configure = null)
        where TEvent : notnull =>
        Add<TEvent>(carillon, pattern, LambdaListener.Adapt(handler), configure);

    /// <inheritdoc cref="Listen{TEvent}(CarillonBuilder, string, Action{TEvent}, Action{ListenOptions})"/>
    [OverloadResolutionPriority(1)]
    public static CarillonBuilder Listen<TEvent>(
        this CarillonBuilder carillon, string pattern, Func<TEvent, ValueTask> handler, Action<ListenOptions>? configure = null)
        where TEvent : notnull =>
        Add<TEvent>(carillon, pattern, LambdaListener.Adapt(handler), configure);

    /// <inheritdoc cref="Listen{TEvent}(CarillonBuilder, string, Action{TEvent}, Action{ListenOptions})"/>
    public static CarillonBuilder Listen<TEvent>(
        this CarillonBuilder carillon, string pattern, Func<TEvent, Task> handler, Action<ListenOptions>? configure = null)
        where TEvent : notnull =>
        Add<TEvent>(carillon, pattern, LambdaListener.Adapt(handler), configure);

    /// <inheritdoc cref="Listen{TEvent}(CarillonBuilder, string, Action{TEvent}, Action{ListenOptions})"/>
    [OverloadResolutionPriority(1)]
    public static CarillonBuilder Listen<TEvent>(
        this CarillonBuilder carillon, string pattern, Func<TEvent, CancellationToken, ValueTask> handler, Action<ListenOptions>? configure = null)
        where TEvent : notnull =>
        Add<TEvent>(carillon, pattern, LambdaListener.Adapt(handler), configure);

    /// <inheritdoc cref="Listen{TEvent}(CarillonBuilder, string, Action{TEvent}, Action{ListenOptions})"/>
    public static CarillonBuilder Listen<TEvent>(
        this CarillonBuilder carillon, string pattern, Func<TEvent, CancellationToken, Task> handler, Action<ListenOptions>? configure = null)
        where TEvent : notnull =>
        Add<TEvent>(carillon, pattern, LambdaListener.Adapt(handler), configure);

    /// <inheritdoc cref="Listen{TEvent}(CarillonBuilder, string, Action{TEvent}, Action{ListenOptions})"/>
    [OverloadResolutionPriority(1)]
    public static CarillonBuilder Listen<TEvent>(
        this CarillonBuilder carillon, string pattern, Func<TEvent, EventContext, CancellationToken, ValueTask> handler, Action<ListenOptions>? configure = null)
        where TEvent : notnull =>
        Add<TEvent>(carillon, pattern, LambdaListener.Adapt(handler), configure);

    private static CarillonBuilder Add<TEvent>(CarillonBuilder carillon, string pattern, LambdaListener lambda, Action<ListenOptions>? configure)
        where TEvent : notnull
    {
        ArgumentNullException.ThrowIfNull(carillon);
        ArgumentNullException.ThrowIfNull(pattern);
        return carillon.Listen<TEvent>(lambda, options =>
        {
            options.Pattern = pattern;
            configure?.Invoke(options);
        });
    }
}
