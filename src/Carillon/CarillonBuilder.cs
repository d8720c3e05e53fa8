using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Carillon.Deliveries;
using Carillon.Dispatch;
using Carillon.Envelopes;
using Carillon.Events;
using Carillon.Hosting;
using Carillon.Hosting.Internal;
using Carillon.Inbox;
using Carillon.Listeners;
using Carillon.Retries;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon;

/// <summary>What an application says of its events: <c>Add</c> is one of many, <c>Use</c> chooses the implementation of a port.</summary>
/// <remarks>Get it from <see cref="CarillonServiceCollectionExtensions.AddCarillon"/>. Everything is checked together when the host starts.</remarks>
public sealed partial class CarillonBuilder
{
    private readonly CarillonSetup _setup;

    internal CarillonBuilder(IServiceCollection services, CarillonSetup setup)
    {
        Services = services;
        _setup = setup;
    }

    /// <summary>The services of the application.</summary>
    public IServiceCollection Services { get; }

    internal CarillonSetup Setup => _setup;

    /// <summary>Adds a listener. The same listener added twice, by the generated code and by hand, is one listener.</summary>
    public CarillonBuilder AddListener(Listener listener)
    {
        ArgumentNullException.ThrowIfNull(listener);
        _setup.AddListener(listener);
        return this;
    }

    /// <summary>Adds a listener that is a class of its own.</summary>
    /// <typeparam name="TListener">The class; added to the services as scoped, unless it is there already.</typeparam>
    /// <typeparam name="TEvent">The event it takes; derived events reach it too.</typeparam>
    /// <param name="configure">Its place, its delivery, its id (by default the name of the class, and for a further event the event's behind it).</param>
    public CarillonBuilder AddListener<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TListener, TEvent>(
        Action<ListenOptions>? configure = null)
        where TListener : class, IListener<TEvent>
        where TEvent : notnull
    {
        var options = new ListenOptions();
        configure?.Invoke(options);
        options.Id ??= _setup.ClassListenerId(typeof(TListener), typeof(TEvent), options.Delivery);
        AddListenerClass(typeof(TListener), ServiceLifetime.Scoped);
        _setup.AddEventType(typeof(TEvent), options.Pattern);
        _setup.AddListener(ClassListener.Create<TListener, TEvent>(options));
        return this;
    }

    /// <summary>Adds a lambda as a listener.</summary>
    /// <param name="handler">Called with each event that <typeparamref name="TEvent"/> can take; what it returns is awaited.</param>
    /// <param name="configure">Its place, its delivery, its id.</param>
    /// <exception cref="CarillonException">It is durable and has no id.</exception>
    public CarillonBuilder Listen<TEvent>(Action<TEvent> handler, Action<ListenOptions>? configure = null)
        where TEvent : notnull =>
        Listen<TEvent>(LambdaListener.Adapt(handler), configure);

    /// <inheritdoc cref="Listen{TEvent}(Action{TEvent}, Action{ListenOptions})"/>
    [OverloadResolutionPriority(1)]
    public CarillonBuilder Listen<TEvent>(Func<TEvent, ValueTask> handler, Action<ListenOptions>? configure = null)
        where TEvent : notnull =>
        Listen<TEvent>(LambdaListener.Adapt(handler), configure);

    /// <inheritdoc cref="Listen{TEvent}(Action{TEvent}, Action{ListenOptions})"/>
    public CarillonBuilder Listen<TEvent>(Func<TEvent, Task> handler, Action<ListenOptions>? configure = null)
        where TEvent : notnull =>
        Listen<TEvent>(LambdaListener.Adapt(handler), configure);

    /// <inheritdoc cref="Listen{TEvent}(Action{TEvent}, Action{ListenOptions})"/>
    [OverloadResolutionPriority(1)]
    public CarillonBuilder Listen<TEvent>(Func<TEvent, CancellationToken, ValueTask> handler, Action<ListenOptions>? configure = null)
        where TEvent : notnull =>
        Listen<TEvent>(LambdaListener.Adapt(handler), configure);

    /// <inheritdoc cref="Listen{TEvent}(Action{TEvent}, Action{ListenOptions})"/>
    public CarillonBuilder Listen<TEvent>(Func<TEvent, CancellationToken, Task> handler, Action<ListenOptions>? configure = null)
        where TEvent : notnull =>
        Listen<TEvent>(LambdaListener.Adapt(handler), configure);

    /// <inheritdoc cref="Listen{TEvent}(Action{TEvent}, Action{ListenOptions})"/>
    [OverloadResolutionPriority(1)]
    public CarillonBuilder Listen<TEvent>(Func<TEvent, EventContext, CancellationToken, ValueTask> handler, Action<ListenOptions>? configure = null)
        where TEvent : notnull =>
        Listen<TEvent>(LambdaListener.Adapt(handler), configure);

    /// <inheritdoc cref="Listen{TEvent}(Action{TEvent}, Action{ListenOptions})"/>
    public CarillonBuilder Listen<TEvent>(Func<TEvent, EventContext, CancellationToken, Task> handler, Action<ListenOptions>? configure = null)
        where TEvent : notnull =>
        Listen<TEvent>(LambdaListener.Adapt(handler), configure);

    /// <summary>Adds the class that carries listener methods to the services, unless it is there already. Generated code calls this.</summary>
    /// <param name="listenerClass">The class.</param>
    /// <param name="lifetime">Its lifetime.</param>
    public CarillonBuilder AddListenerClass(
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] Type listenerClass, ServiceLifetime lifetime)
    {
        ArgumentNullException.ThrowIfNull(listenerClass);
        if (_setup.AddListenerClass(listenerClass))
        {
            Services.Add(new ServiceDescriptor(listenerClass, listenerClass, lifetime));
        }

        return this;
    }

    /// <summary>Makes a type of event known under its name, so that stored ones can be read again.</summary>
    /// <typeparam name="TEvent">The event. Its name and version come from <see cref="EventAttribute"/> or else from the type's name.</typeparam>
    /// <param name="configure">Says more of the event than its attribute, whether before or after its listeners are added.</param>
    public CarillonBuilder AddEvent<TEvent>(Action<EventOptions>? configure = null)
        where TEvent : notnull
    {
        _setup.AddEventType(typeof(TEvent));
        if (configure is not null)
        {
            var options = new EventOptions();
            configure(options);
            _setup.ConfigureEvent(typeof(TEvent), options);
        }

        return this;
    }

    /// <summary>Makes a type of event known under its name, so that stored ones can be read again. Generated code calls this.</summary>
    public CarillonBuilder AddEvent(EventType eventType)
    {
        ArgumentNullException.ThrowIfNull(eventType);
        _setup.AddEventType(eventType);
        return this;
    }

    /// <summary>Adds a plan. Generated code calls this.</summary>
    public CarillonBuilder AddPlan(GeneratedPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        _setup.AddPlan(plan);
        return this;
    }

    /// <summary>Adds the listeners of an assembly that need nothing said of them. Generated code calls this.</summary>
    public CarillonBuilder AddManifest(GeneratedManifest manifest)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        _setup.Manifests.Add(manifest, _setup.ListenerCount);
        return this;
    }

    /// <summary>Adds a provider of further listeners: they are called after those of the built-in one. Adding it twice is adding it once.</summary>
    /// <typeparam name="TProvider">The provider; added to the services as a singleton.</typeparam>
    public CarillonBuilder AddProvider<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TProvider>()
        where TProvider : class, IListenerProvider
    {
        foreach (var service in Services)
        {
            if (service.ServiceType == typeof(IListenerProvider) && !service.IsKeyedService && service.ImplementationType == typeof(TProvider))
            {
                return this;
            }
        }

        Services.AddSingleton<IListenerProvider, TProvider>();
        return this;
    }

    /// <summary>
    /// Keeps deliveries in memory: for development and tests. It serializes, waits for the commit and retries as a database does, and is gone
    /// with the process.
    /// </summary>
    public CarillonBuilder UseInMemory() =>
        UseStore(services => new Deliveries.InMemory.InMemoryDeliveryStore());

    /// <summary>Keeps deliveries in a store of your choice. The store that is chosen last counts, so that a test can replace the application's.</summary>
    /// <param name="create">Makes the store, once.</param>
    public CarillonBuilder UseStore(Func<IServiceProvider, IDeliveryStore> create)
    {
        ArgumentNullException.ThrowIfNull(create);
        CarillonServices.AddEngine(Services, _setup);
        Services.AddSingleton(create);
        return this;
    }

    /// <summary>Changes how this process runs durable listeners.</summary>
    public CarillonBuilder ConfigureWorker(Action<WorkerOptions> configure)
    {
        CarillonServices.AddEngine(Services, _setup);
        Services.Configure(configure);
        return this;
    }

    /// <summary>Changes how this process works off one queue; <see cref="Queues.Default"/> is the one of listeners that name none.</summary>
    /// <param name="queue">The name of the queue: letters, digits, <c>.</c>, <c>-</c> and <c>_</c>.</param>
    /// <param name="configure">What is said of it.</param>
    public CarillonBuilder ConfigureQueue(string queue, Action<QueueOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(queue);
        ArgumentNullException.ThrowIfNull(configure);
        CarillonServices.AddEngine(Services, _setup);
        _setup.Queues.Add(queue);
        Services.Configure(queue, configure);
        return this;
    }

    /// <summary>Has every durable listener recognise the events that it has completed, and leave them alone should they come again. Wants a store with an inbox; the shipped ones have one.</summary>
    /// <param name="remember">How long; a listener can have a time of its own.</param>
    public CarillonBuilder UseInbox(TimeSpan remember)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(remember, TimeSpan.Zero);
        CarillonServices.AddEngine(Services, _setup);
        Services.Configure<InboxOptions>(inbox => inbox.Remember = remember);
        return this;
    }

    /// <summary>Changes when failed deliveries are tried again.</summary>
    public CarillonBuilder ConfigureRetries(Action<RetryOptions> configure)
    {
        CarillonServices.AddEngine(Services, _setup);
        Services.Configure(configure);
        return this;
    }

    /// <summary>Changes how events become bytes: JSON contexts, size limit.</summary>
    public CarillonBuilder ConfigureEnvelopes(Action<EnvelopeOptions> configure)
    {
        CarillonServices.AddEngine(Services, _setup);
        Services.Configure(configure);
        return this;
    }

    internal CarillonBuilder Listen<TEvent>(LambdaListener lambda, Action<ListenOptions>? configure)
    {
        var options = new ListenOptions();
        configure?.Invoke(options);
        _setup.AddEventType(typeof(TEvent), options.Pattern);
        return AddListener(lambda.ToListener(typeof(TEvent), options));
    }
}
