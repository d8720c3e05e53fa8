using System.Diagnostics.CodeAnalysis;
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

    /// <summary>Adds the event store, with its streams in a database of your choice. The one that is chosen last counts, so that a test can replace the application's.</summary>
    /// <param name="carillon">The builder of the application.</param>
    /// <param name="create">Makes it, once. One that joins transactions has to be in the database of the deliveries, on whose connections projections write.</param>
    /// <param name="configure">Who is named, how much is read at a time, how long is waited.</param>
    public static CarillonBuilder UseEventStore(
        this CarillonBuilder carillon, Func<IServiceProvider, IStreamDatabase> create, Action<EventStoreOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(create);
        carillon.UseEventStore(configure);
        carillon.Services.AddSingleton(create);
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

    /// <summary>
    /// Adds a projection: a class that keeps a read model of the stored events. One process at a time runs it, as long as its host runs, from where it was left. Its methods are those
    /// with [OnEvent], which <c>AddListeners()</c> of its assembly makes known.
    /// </summary>
    /// <typeparam name="TProjection">The class; added to the services as scoped, unless it is there already.</typeparam>
    /// <param name="carillon">The builder of the application.</param>
    /// <param name="name">Its name, under which is kept how far it has come. Whoever changes it has another projection, which begins from the first event.</param>
    /// <param name="configure">How large its batches are, how often an event is tried.</param>
    public static CarillonBuilder AddProjection<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TProjection>(
        this CarillonBuilder carillon, string name, Action<ProjectionOptions>? configure = null)
        where TProjection : class, IProjection
    {
        ArgumentNullException.ThrowIfNull(carillon);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        var options = new ProjectionOptions();
        configure?.Invoke(options);
        carillon.UseEventStore();
        carillon.AddListenerClass(typeof(TProjection), ServiceLifetime.Scoped);
        carillon.Setup.UseProjections().All.Add(new ProjectionSetup(name, typeof(TProjection), options));
        return carillon;
    }

    /// <summary>Adds a method of a projection. Generated code calls this.</summary>
    /// <param name="carillon">The builder of the application.</param>
    /// <param name="projection">The class.</param>
    /// <param name="listener">The method.</param>
    public static CarillonBuilder AddProjectionListener(this CarillonBuilder carillon, Type projection, Listener listener)
    {
        ArgumentNullException.ThrowIfNull(carillon);
        ArgumentNullException.ThrowIfNull(projection);
        ArgumentNullException.ThrowIfNull(listener);
        carillon.Setup.UseProjections().Add(projection, listener);
        return carillon;
    }
}
