using Carillon.Listeners.Internal;

namespace Carillon;

/// <summary>The calls of an emitter that wants to know what its listeners have to say.</summary>
/// <remarks>
/// A dispatch like any other, and what listeners return is kept: of a method, <c>T</c>, <c>Task&lt;T&gt;</c> or <c>ValueTask&lt;T&gt;</c>. The value decides whether it
/// fits, not the declared type. Null is no result. Durable listeners take part as always and give none.
/// </remarks>
public static class EventResultExtensions
{
    /// <summary>Dispatches the event and collects every result of one type, in the order of the listeners.</summary>
    /// <typeparam name="TResult">The type of the results; others are left out.</typeparam>
    /// <param name="dispatcher">The dispatcher of the current scope.</param>
    /// <param name="event">The event.</param>
    /// <param name="cancellationToken">Handed to every inline listener.</param>
    /// <returns>The results; empty if there are none.</returns>
    /// <exception cref="ArgumentException"><typeparamref name="TResult"/> is a task: results are what comes out of it.</exception>
    /// <exception cref="NotSupportedException">The dispatcher is not Carillon's own and knows nothing of results.</exception>
    public static async ValueTask<IReadOnlyList<TResult>> CollectAsync<TResult>(
        this IEventDispatcher dispatcher, object @event, CancellationToken cancellationToken = default)
    {
        var collector = await DispatchAsync<TResult>(dispatcher, @event, firstOnly: false, cancellationToken).ConfigureAwait(false);
        return collector.Values();
    }

    /// <summary>Dispatches the event and collects every result of one type together with its listener, in the order of the listeners.</summary>
    /// <inheritdoc cref="CollectAsync{TResult}"/>
    public static async ValueTask<IReadOnlyList<ListenerResult<TResult>>> CollectByListenerAsync<TResult>(
        this IEventDispatcher dispatcher, object @event, CancellationToken cancellationToken = default)
    {
        var collector = await DispatchAsync<TResult>(dispatcher, @event, firstOnly: false, cancellationToken).ConfigureAwait(false);
        return collector.Results;
    }

    /// <summary>Dispatches the event until a listener gives a result of one type. Whoever comes after it does not take part, durable listeners included.</summary>
    /// <typeparam name="TResult">The type of the result. Of a struct, ask for <c>int?</c> if zero is an answer.</typeparam>
    /// <param name="dispatcher">The dispatcher of the current scope.</param>
    /// <param name="event">The event.</param>
    /// <param name="cancellationToken">Handed to every inline listener.</param>
    /// <returns>The first result that is not null; the default of the type, null for a class, if there is none.</returns>
    /// <exception cref="ArgumentException"><typeparamref name="TResult"/> is a task: results are what comes out of it.</exception>
    /// <exception cref="NotSupportedException">The dispatcher is not Carillon's own and knows nothing of results.</exception>
    public static async ValueTask<TResult?> FirstResultAsync<TResult>(
        this IEventDispatcher dispatcher, object @event, CancellationToken cancellationToken = default)
    {
        var collector = await DispatchAsync<TResult>(dispatcher, @event, firstOnly: true, cancellationToken).ConfigureAwait(false);
        return collector.Results.Count > 0 ? collector.Results[0].Result : default;
    }

    private static async ValueTask<ResultCollector<TResult>> DispatchAsync<TResult>(
        IEventDispatcher dispatcher, object @event, bool firstOnly, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(dispatcher);
        ArgumentNullException.ThrowIfNull(@event);
        if (TaskResult.Of(typeof(TResult)))
        {
            throw new ArgumentException(
                $"No result is a '{typeof(TResult)}': what listeners return is awaited first. Ask for what comes out of it, for decimal and not for Task<decimal>.",
                nameof(TResult));
        }

        var collector = new ResultCollector<TResult>(firstOnly);
        await dispatcher.DispatchForResultsAsync(@event, collector, cancellationToken).ConfigureAwait(false);
        return collector;
    }
}
