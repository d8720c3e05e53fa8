using System.Runtime.CompilerServices;
using Carillon.Listeners;

namespace Carillon;

/// <summary>Lambdas with a result as listeners. What they return is collected by <see cref="EventResultExtensions"/>; a plain dispatch ignores it.</summary>
public static class ResultListenerExtensions
{
    /// <summary>Adds a lambda with a result as a listener.</summary>
    /// <typeparam name="TEvent">The event it takes; derived events reach it too.</typeparam>
    /// <typeparam name="TResult">What it returns, or what comes out of the task it returns.</typeparam>
    /// <param name="carillon">The builder of the application.</param>
    /// <param name="handler">Called with each event that <typeparamref name="TEvent"/> can take.</param>
    /// <param name="configure">Its place, its delivery, its id.</param>
    /// <exception cref="CarillonException">It is durable and has no id, or the result is a task.</exception>
    public static CarillonBuilder Listen<TEvent, TResult>(
        this CarillonBuilder carillon, Func<TEvent, TResult> handler, Action<ListenOptions>? configure = null)
        where TEvent : notnull =>
        Add<TEvent>(carillon, LambdaListener.AdaptResult(handler), configure);

    /// <inheritdoc cref="Listen{TEvent, TResult}(CarillonBuilder, Func{TEvent, TResult}, Action{ListenOptions})"/>
    public static CarillonBuilder Listen<TEvent, TResult>(
        this CarillonBuilder carillon, Func<TEvent, Task<TResult>> handler, Action<ListenOptions>? configure = null)
        where TEvent : notnull =>
        Add<TEvent>(carillon, LambdaListener.AdaptResult(handler), configure);

    /// <inheritdoc cref="Listen{TEvent, TResult}(CarillonBuilder, Func{TEvent, TResult}, Action{ListenOptions})"/>
    [OverloadResolutionPriority(1)]
    public static CarillonBuilder Listen<TEvent, TResult>(
        this CarillonBuilder carillon, Func<TEvent, ValueTask<TResult>> handler, Action<ListenOptions>? configure = null)
        where TEvent : notnull =>
        Add<TEvent>(carillon, LambdaListener.AdaptResult(handler), configure);

    /// <inheritdoc cref="Listen{TEvent, TResult}(CarillonBuilder, Func{TEvent, TResult}, Action{ListenOptions})"/>
    public static CarillonBuilder Listen<TEvent, TResult>(
        this CarillonBuilder carillon, Func<TEvent, CancellationToken, Task<TResult>> handler, Action<ListenOptions>? configure = null)
        where TEvent : notnull =>
        Add<TEvent>(carillon, LambdaListener.AdaptResult(handler), configure);

    /// <inheritdoc cref="Listen{TEvent, TResult}(CarillonBuilder, Func{TEvent, TResult}, Action{ListenOptions})"/>
    [OverloadResolutionPriority(1)]
    public static CarillonBuilder Listen<TEvent, TResult>(
        this CarillonBuilder carillon, Func<TEvent, CancellationToken, ValueTask<TResult>> handler, Action<ListenOptions>? configure = null)
        where TEvent : notnull =>
        Add<TEvent>(carillon, LambdaListener.AdaptResult(handler), configure);

    /// <inheritdoc cref="Listen{TEvent, TResult}(CarillonBuilder, Func{TEvent, TResult}, Action{ListenOptions})"/>
    [OverloadResolutionPriority(1)]
    public static CarillonBuilder Listen<TEvent, TResult>(
        this CarillonBuilder carillon, Func<TEvent, EventContext, CancellationToken, ValueTask<TResult>> handler, Action<ListenOptions>? configure = null)
        where TEvent : notnull =>
        Add<TEvent>(carillon, LambdaListener.AdaptResult(handler), configure);

    private static CarillonBuilder Add<TEvent>(CarillonBuilder carillon, LambdaListener lambda, Action<ListenOptions>? configure)
    {
        ArgumentNullException.ThrowIfNull(carillon);
        return carillon.Listen<TEvent>(lambda, configure);
    }
}
