using Carillon.EventSourcing;
using Carillon.EventSourcing.Internal;
using Carillon.Hosting.Internal;
using Carillon.Listeners;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon;

/// <summary>Events that are kept for ever, and what is built from them.</summary>
public static class EventSourcingCarillonBuilderExtensions
{
    /// <summary>
    /// Adds the event store: <see cref="IEventStore"/> in every scope. Events are kept where deliveries are, by UseSqlite or UsePostgres, so that both are written in one
    /// transaction; and in memory where there is no such store.
    /// </summary>
    /// <param name="carillon">The builder of the application.</param>
    /// <param name="configure">Who is named, how much is read at a time, how long is waited.</param>
    public static CarillonBuilder UseEventStore(this CarillonBuilder carillon, Action<EventStoreOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(carillon);
        CarillonServices.AddEventStore(carillon.Services, carillon.Setup);
        if (configure is not null)
        {
            carillon.Services.Configure(configure);
        }

        return carillon;
    }

    /// <summary>Adds one listener that appends every event of a type, and of types derived from it, to a stream: whatever is dispatched is kept.</summary>
    /// <typeparam name="TEvent">The event, or what all of them have in common: <c>IDomainEvent</c>.</typeparam>
    /// <param name="carillon">The builder of the application.</param>
    /// <param name="stream">Says to which stream an event belongs.</param>
    /// <param name="configure">Its place, its id. It is inline unless this says otherwise: the event is appended in the unit of work in which it is dispatched.</param>
    public static CarillonBuilder StoreEvents<TEvent>(this CarillonBuilder carillon, Func<TEvent, string> stream, Action<ListenOptions>? configure = null)
        where TEvent : notnull
    {
        ArgumentNullException.ThrowIfNull(carillon);
        ArgumentNullException.ThrowIfNull(stream);
        carillon.UseEventStore();
        return carillon.AddListener(AppendingListener.Create(stream, carillon.Setup, configure));
    }
}
