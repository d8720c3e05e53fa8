using System.Diagnostics.CodeAnalysis;
using Carillon.Diagnostics.Internal;
using Carillon.Hosting.Internal;
using Carillon.Middleware;
using Carillon.Middleware.Internal;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Carillon;

/// <summary>Code around dispatches and listeners. What is added first is the outermost.</summary>
/// <remarks>
/// It is woven in when the plan of an event is made: an event that meets no middleware pays nothing. Around a whole dispatch the generated plan of the
/// event stays in use; around its listeners they are called one by one.
/// </remarks>
public static class MiddlewareCarillonBuilderExtensions
{
    /// <summary>Adds a class around dispatches.</summary>
    /// <typeparam name="TMiddleware">
    /// The class; added to the services as a singleton, unless it is there. A singleton is resolved once and kept; one that you have registered as scoped
    /// is resolved from the scope of each dispatch.
    /// </typeparam>
    /// <param name="carillon">The builder of the application.</param>
    /// <param name="configure">Which events meet it; by default all.</param>
    public static CarillonBuilder UseMiddleware<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TMiddleware>(
        this CarillonBuilder carillon, Action<MiddlewareOptions>? configure = null)
        where TMiddleware : class, IEventMiddleware
    {
        Setup(carillon).AroundDispatch.Add(Class<TMiddleware>(carillon, configure));
        return carillon;
    }

    /// <summary>Adds a lambda around dispatches.</summary>
    /// <param name="carillon">The builder of the application.</param>
    /// <param name="invoke">Called with each event, what comes after, and the token of the dispatch.</param>
    /// <param name="configure">Which events meet it; by default all.</param>
    public static CarillonBuilder UseMiddleware(
        this CarillonBuilder carillon, Func<object, EventNext, CancellationToken, ValueTask> invoke, Action<MiddlewareOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(invoke);
        Setup(carillon).AroundDispatch.Add(Instance(new LambdaMiddleware.AroundDispatch(invoke), EventTypes(configure)));
        return carillon;
    }

    /// <summary>Adds a lambda around dispatches of some events.</summary>
    /// <typeparam name="TEvent">A type of event, a base class or an interface.</typeparam>
    /// <param name="carillon">The builder of the application.</param>
    /// <param name="invoke">Called with each event that can be assigned to <typeparamref name="TEvent"/>, what comes after, and the token of the dispatch.</param>
    public static CarillonBuilder UseMiddleware<TEvent>(this CarillonBuilder carillon, Func<TEvent, EventNext, CancellationToken, ValueTask> invoke)
        where TEvent : notnull
    {
        ArgumentNullException.ThrowIfNull(invoke);
        Setup(carillon).AroundDispatch.Add(Instance(new LambdaMiddleware.AroundDispatch<TEvent>(invoke), [typeof(TEvent)]));
        return carillon;
    }

    /// <summary>Adds a class around each listener, the attempts of durable ones included.</summary>
    /// <typeparam name="TMiddleware">
    /// The class; added to the services as a singleton, unless it is there. A singleton is resolved once and kept; one that you have registered as scoped
    /// is resolved from the scope of each listener.
    /// </typeparam>
    /// <param name="carillon">The builder of the application.</param>
    /// <param name="configure">The listeners of which events it surrounds; by default of all.</param>
    public static CarillonBuilder UseListenerMiddleware<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TMiddleware>(
        this CarillonBuilder carillon, Action<MiddlewareOptions>? configure = null)
        where TMiddleware : class, IListenerMiddleware
    {
        SetupOfListeners(carillon).AroundListeners.Add(Class<TMiddleware>(carillon, configure));
        return carillon;
    }

    /// <summary>Adds a lambda around each listener, the attempts of durable ones included.</summary>
    /// <param name="carillon">The builder of the application.</param>
    /// <param name="invoke">Called with each event, what comes after, and the token of the dispatch or the attempt.</param>
    /// <param name="configure">The listeners of which events it surrounds; by default of all.</param>
    public static CarillonBuilder UseListenerMiddleware(
        this CarillonBuilder carillon, Func<object, ListenerNext, CancellationToken, ValueTask> invoke, Action<MiddlewareOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(invoke);
        SetupOfListeners(carillon).AroundListeners.Add(Instance(new LambdaMiddleware.AroundListeners(invoke), EventTypes(configure)));
        return carillon;
    }

    /// <summary>
    /// Logs each dispatch (11, Information) and each listener with its duration, and what an inline listener throws, with event and listener (14, Error),
    /// before the emitter gets it unchanged. Under the category <c>Carillon.Dispatch</c>. A logger that throws disturbs nothing.
    /// </summary>
    /// <param name="carillon">The builder of the application.</param>
    /// <param name="configure">Which events are logged; by default all.</param>
    public static CarillonBuilder UseLogging(this CarillonBuilder carillon, Action<MiddlewareOptions>? configure = null) =>
        UseBoth(
            carillon,
            static services => new LoggingMiddleware(services.GetRequiredService<TimeProvider>(), Loggers.Of(services).Dispatch),
            EventTypes(configure));

    /// <summary>Tells how long each dispatch and each listener took, the attempts of durable ones included.</summary>
    /// <param name="carillon">The builder of the application.</param>
    /// <param name="observe">Called after each; possibly on several threads at once. What it throws is logged and disturbs nothing.</param>
    /// <param name="configure">Which events are timed; by default all.</param>
    public static CarillonBuilder UseTiming(this CarillonBuilder carillon, Action<EventTiming> observe, Action<MiddlewareOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(observe);
        return UseBoth(
            carillon,
            services => new TimingMiddleware(observe, services.GetRequiredService<TimeProvider>(), Loggers.Of(services).Dispatch),
            EventTypes(configure));
    }

    /// <summary>Refuses an event that is not valid with an <see cref="EventInvalidException"/> that lists every reason, before any listener sees it.</summary>
    /// <param name="carillon">The builder of the application.</param>
    /// <param name="configure">Which events are validated, and by whom.</param>
    public static CarillonBuilder UseValidation(this CarillonBuilder carillon, Action<ValidationOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(carillon);
        ArgumentNullException.ThrowIfNull(configure);
        var options = new ValidationOptions(carillon.Services);
        configure(options);
        var setup = Setup(carillon);
        if (options.Validations.Count == 0)
        {
            carillon.Setup.Problems.Add("UseValidation names no event. Say which events are validated, and by whom, with Add or AddRegistered, or take the call away.");
        }

        foreach (var validation in options.Validations)
        {
            if (validation.NeededService is { } service)
            {
                setup.Needed.Add((service, $"Events of '{validation.EventType}' are to be validated by '{service}', which is not registered. Add it to the services."));
            }
        }

        setup.AroundDispatch.Add(Instance(new ValidationMiddleware(options.Validations), [.. options.Validations.Select(validation => validation.EventType)], mayDispatch: false));
        return carillon;
    }

    private static CarillonBuilder UseBoth(CarillonBuilder carillon, Func<IServiceProvider, object> create, IReadOnlyList<Type> eventTypes)
    {
        var registration = new MiddlewareRegistration(service: null, create, eventTypes);
        var setup = SetupOfListeners(carillon);
        setup.AroundDispatch.Add(registration);
        setup.AroundListeners.Add(registration);
        return carillon;
    }

    private static MiddlewareSetup Setup(CarillonBuilder carillon)
    {
        ArgumentNullException.ThrowIfNull(carillon);
        return carillon.Setup.Middleware ??= new MiddlewareSetup();
    }

    private static MiddlewareSetup SetupOfListeners(CarillonBuilder carillon)
    {
        var setup = Setup(carillon);
        var services = carillon.Services;
        services.TryAddSingleton(provider => new ListenerMiddlewares(setup, provider, services));
        return setup;
    }

    private static MiddlewareRegistration Class<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TMiddleware>(
        CarillonBuilder carillon, Action<MiddlewareOptions>? configure)
        where TMiddleware : class
    {
        MiddlewareSetup.AddClass(carillon.Services, ServiceDescriptor.Singleton<TMiddleware, TMiddleware>());
        return new MiddlewareRegistration(typeof(TMiddleware), create: null, EventTypes(configure))
        {
            MayDispatch = typeof(TMiddleware).GetConstructors().Any(constructor => constructor.GetParameters().Length > 0),
        };
    }

    private static MiddlewareRegistration Instance(object middleware, IReadOnlyList<Type> eventTypes, bool mayDispatch = true) =>
        new(service: null, _ => middleware, eventTypes) { MayDispatch = mayDispatch };

    private static List<Type> EventTypes(Action<MiddlewareOptions>? configure)
    {
        var options = new MiddlewareOptions();
        configure?.Invoke(options);
        return options.EventTypes;
    }
}
