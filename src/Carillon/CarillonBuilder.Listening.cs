using System.Diagnostics.CodeAnalysis;
using Carillon.Background;
using Carillon.Hosting.Internal;
using Carillon.Listeners;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon;

// Several listeners said in one place, and where listeners run.
public sealed partial class CarillonBuilder
{
    /// <summary>Adds a class that says itself what it listens to. Adding it twice is adding it once.</summary>
    /// <typeparam name="TSubscriber">The class; added to the services as scoped, unless it is there already.</typeparam>
    /// <remarks>No instance is made to find out: each comes from the scope of its dispatch, when its turn comes.</remarks>
    public CarillonBuilder AddSubscriber<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TSubscriber>()
        where TSubscriber : class, IEventSubscriber<TSubscriber>
    {
        if (!_setup.AddSubscriber(typeof(TSubscriber)))
        {
            return this;
        }

        AddListenerClass(typeof(TSubscriber), ServiceLifetime.Scoped);
        var subscriptions = new Subscriptions<TSubscriber>();
        TSubscriber.Subscribe(subscriptions);
        if (subscriptions.All.Count == 0)
        {
            _setup.Problems.Add(
                $"The subscriber '{typeof(TSubscriber)}' listens to nothing. Implement Subscribe or Subscriptions of IEventSubscriber<{typeof(TSubscriber).Name}>.");
        }

        foreach (var listener in subscriptions.All)
        {
            _setup.AddEventType(listener.EventType, listener.Pattern);
            _setup.AddListener(listener);
        }

        return this;
    }

    /// <summary>Says in one place which listeners events have: <c>map.On&lt;OrderPlaced&gt;().Call&lt;SendReceipt&gt;()</c>.</summary>
    /// <param name="configure">Fills the map. Listeners are registered in the order in which they stand in it.</param>
    public CarillonBuilder Map(Action<EventMap> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        configure(new EventMap(this));
        return this;
    }

    /// <summary>
    /// Says how listeners run in the background. Not needed for those that are added in AddCarillon; needed if such listeners come while the application
    /// runs, or from a provider.
    /// </summary>
    /// <param name="configure">How many wait, how many run, what happens beyond.</param>
    public CarillonBuilder UseBackground(Action<BackgroundOptions>? configure = null)
    {
        CarillonServices.AddBackground(Services, _setup);
        if (configure is not null)
        {
            Services.Configure(configure);
        }

        return this;
    }

    internal void AddMapped<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TTarget>(Subscription<TTarget> subscription)
        where TTarget : class
    {
        AddListenerClass(typeof(TTarget), ServiceLifetime.Scoped);
        var listener = subscription.ToListener(_setup.FreeListenerId($"{typeof(TTarget).Name}.{subscription.EventType.Name}"));
        _setup.AddEventType(listener.EventType, listener.Pattern);
        _setup.AddListener(listener);
    }
}
