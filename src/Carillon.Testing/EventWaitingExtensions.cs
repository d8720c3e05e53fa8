using Carillon.Testing.Internal;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Testing;

/// <summary>Publishes an event and waits for what it leads to: another event, or a state of the application.</summary>
/// <remarks>
/// With <see cref="TestingCarillonBuilderExtensions.RunDeliveriesByHand"/> all that follows is run by the call itself, and what has not come then never comes: it fails at once. With the worker it
/// waits, in real time.
/// </remarks>
public static class EventWaitingExtensions
{
    /// <summary>How long is waited where a worker runs, if nothing else is said: 10 seconds.</summary>
    public static readonly TimeSpan DefaultWait = TimeSpan.FromSeconds(10);

    /// <summary>Publishes an event in a scope of its own and waits until another one stands: its dispatch has ended, and its unit of work was committed.</summary>
    /// <typeparam name="TAwaited">The event that is waited for, a base class or an interface.</typeparam>
    /// <param name="services">The services of the application, with <see cref="TestingCarillonBuilderExtensions.RecordEvents"/>.</param>
    /// <param name="event">What is published. It is not what is waited for.</param>
    /// <param name="where">Which event counts; null for any of the type.</param>
    /// <param name="within">How long to wait (real time); null for <see cref="DefaultWait"/>, or not at all where durable listeners run by hand.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The event that came first.</returns>
    /// <exception cref="TimeoutException">It did not come; the message lists what did, and what became of it.</exception>
    public static async Task<TAwaited> PublishAndWaitForAsync<TAwaited>(
        this IServiceProvider services, object @event, Func<TAwaited, bool>? where = null, TimeSpan? within = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(@event);
        TAwaited? found = default;
        await RunAsync(
            services,
            @event,
            since =>
            {
                foreach (var dispatch in since)
                {
                    if (dispatch.Outcome == RecordedOutcome.Committed && dispatch.Event != @event && dispatch.Event is TAwaited awaited && where?.Invoke(awaited) != false)
                    {
                        found = awaited;
                        return new(true);
                    }
                }

                return new(false);
            },
            $"No event '{typeof(TAwaited)}'{(where is null ? "" : " that passes the filter")} came",
            within,
            cancellationToken).ConfigureAwait(false);
        return found!;
    }

    /// <summary>Publishes an event in a scope of its own and waits until the application is in some state.</summary>
    /// <param name="services">The services of the application, with <see cref="TestingCarillonBuilderExtensions.RecordEvents"/>.</param>
    /// <param name="event">What is published.</param>
    /// <param name="condition">Whether it is. Asked after each event and each listener, and 50 times a second.</param>
    /// <param name="within">How long to wait (real time); null for <see cref="DefaultWait"/>, or not at all where durable listeners run by hand.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="TimeoutException">It was not; the message lists the events that came, and what became of them.</exception>
    public static Task PublishAndWaitUntilAsync(
        this IServiceProvider services, object @event, Func<CancellationToken, ValueTask<bool>> condition, TimeSpan? within = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(@event);
        ArgumentNullException.ThrowIfNull(condition);
        return RunAsync(services, @event, _ => condition(cancellationToken), "The condition was not met", within, cancellationToken);
    }

    private static async Task RunAsync(
        IServiceProvider services, object @event, Func<IEnumerable<RecordedEvent>, ValueTask<bool>> isThere, string failure, TimeSpan? within, CancellationToken cancellationToken)
    {
        var recorder = services.GetService<EventRecorder>()
            ?? throw new InvalidOperationException("Without a recorder nobody could say what came instead: call RecordEvents() in the AddCarillon of the test.");
        var before = recorder.Dispatches.Count;
        var byHand = Idle.IsByHand(services);
        var wait = within ?? (byHand ? TimeSpan.Zero : DefaultWait);
        var clock = TimeProvider.System;
        var begun = clock.GetTimestamp();
        await PublishAsync(services, @event, cancellationToken).ConfigureAwait(false);
        while (true)
        {
            var change = recorder.Records.NextChange();
            if (byHand)
            {
                await services.RunToIdleAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
            }

            if (await isThere(recorder.Dispatches.Skip(before)).ConfigureAwait(false))
            {
                return;
            }

            if (clock.GetElapsedTime(begun) >= wait)
            {
                var since = string.Concat(recorder.Dispatches.Skip(before).Select(static dispatch => $"{Environment.NewLine}  {dispatch}"));
                throw new TimeoutException($"{failure} after '{@event}' was published{(wait > TimeSpan.Zero ? $" and {wait} had passed" : "")}. Seen since: {since}");
            }

            // A state need not be told of by an event: a commit, a file. So it is looked for as well.
            await Task.WhenAny(change, Task.Delay(TimeSpan.FromMilliseconds(20), clock, cancellationToken)).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    private static async Task PublishAsync(IServiceProvider services, object @event, CancellationToken cancellationToken)
    {
        var scope = services.CreateAsyncScope();
        await using (scope.ConfigureAwait(false))
        {
            await scope.ServiceProvider.GetRequiredService<IEventDispatcher>().DispatchObjectAsync(@event, cancellationToken).ConfigureAwait(false);
        }
    }
}
