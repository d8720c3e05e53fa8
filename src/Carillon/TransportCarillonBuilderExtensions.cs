using Carillon.Transports;
using Carillon.Transports.InMemory;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon;

/// <summary>Events that leave the application, and events that arrive.</summary>
public static class TransportCarillonBuilderExtensions
{
    /// <summary>Carries events between applications by a transport of your choice. The one that is chosen last counts, so that a test can replace the application's.</summary>
    /// <param name="carillon">The builder of the application.</param>
    /// <param name="create">Makes the transport, once. If it is disposable, it is disposed with the services.</param>
    /// <param name="configure">How events leave and arrive.</param>
    public static CarillonBuilder UseTransport(this CarillonBuilder carillon, Func<IServiceProvider, ITransport> create, Action<TransportOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(carillon);
        ArgumentNullException.ThrowIfNull(create);
        carillon.Setup.UseTransports();
        carillon.Services.AddSingleton(create);
        if (configure is not null)
        {
            carillon.Services.Configure(configure);
        }

        return carillon;
    }

    /// <summary>Joins this application by a broker in memory to all others that are given the same one: for tests and development.</summary>
    /// <param name="carillon">The builder of the application.</param>
    /// <param name="broker">The broker.</param>
    /// <param name="configure">How events leave and arrive.</param>
    public static CarillonBuilder UseInMemoryTransport(this CarillonBuilder carillon, InMemoryTransport broker, Action<TransportOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(broker);
        return carillon.UseTransport(_ => broker, configure);
    }

    /// <summary>Has an event leave the application, as <see cref="EventAttribute.Leaves"/> does.</summary>
    /// <typeparam name="TEvent">The event, exactly this type.</typeparam>
    /// <param name="carillon">The builder of the application.</param>
    /// <param name="configure">How it leaves.</param>
    public static CarillonBuilder Publish<TEvent>(this CarillonBuilder carillon, Action<PublishOptions>? configure = null)
        where TEvent : notnull
    {
        ArgumentNullException.ThrowIfNull(carillon);
        var options = new PublishOptions();
        configure?.Invoke(options);
        carillon.AddEvent<TEvent>();
        carillon.Setup.UseTransports().Publish(typeof(TEvent), options);
        return carillon;
    }

    /// <summary>Has all events leave the application whose names match, as far as they have a type that is known. Events of the host stay.</summary>
    /// <param name="carillon">The builder of the application.</param>
    /// <param name="pattern">A name, or a pattern of names: <c>*</c> stands for one segment between dots, <c>#</c> for any number of them.</param>
    /// <param name="configure">How they leave.</param>
    public static CarillonBuilder Publish(this CarillonBuilder carillon, string pattern, Action<PublishOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(carillon);
        ArgumentNullException.ThrowIfNull(pattern);
        var options = new PublishOptions();
        configure?.Invoke(options);
        carillon.Setup.UseTransports().Publish(pattern, options);
        return carillon;
    }

    /// <summary>Receives events of other applications while the host runs, and dispatches each to the listeners of this one.</summary>
    /// <param name="carillon">The builder of the application.</param>
    /// <param name="pattern">The name of the events, or a pattern of names: <c>*</c> stands for one segment between dots, <c>#</c> for any number of them.</param>
    /// <param name="configure">Its key, how many at once, how often it is tried.</param>
    public static CarillonBuilder Subscribe(this CarillonBuilder carillon, string pattern, Action<SubscriptionOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(carillon);
        ArgumentNullException.ThrowIfNull(pattern);
        var options = new SubscriptionOptions();
        configure?.Invoke(options);
        carillon.Setup.UseTransports().Subscriptions.Add((pattern, options));
        return carillon;
    }
}
