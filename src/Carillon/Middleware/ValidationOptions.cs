using System.Diagnostics.CodeAnalysis;
using Carillon.Middleware.Internal;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Middleware;

/// <summary>Which events are validated, and by whom.</summary>
public sealed class ValidationOptions
{
    private readonly IServiceCollection _services;

    internal ValidationOptions(IServiceCollection services) => _services = services;

    internal List<EventValidation> Validations { get; } = [];

    /// <summary>Adds a validator that is a class.</summary>
    /// <typeparam name="TValidator">The class; added to the services as scoped, unless it is there already.</typeparam>
    /// <typeparam name="TEvent">The events that are shown to it, derived ones included.</typeparam>
    public ValidationOptions Add<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TValidator, TEvent>()
        where TValidator : class, IEventValidator<TEvent>
        where TEvent : notnull
    {
        MiddlewareSetup.AddClass(_services, ServiceDescriptor.Scoped<TValidator, TValidator>());
        Validations.Add(new EventValidation(
            typeof(TEvent),
            static (@event, services) => services.GetRequiredService<TValidator>().Validate((TEvent)@event),
            typeof(TValidator)));
        return this;
    }

    /// <summary>Adds a lambda that gives the reasons why an event must not be dispatched.</summary>
    /// <typeparam name="TEvent">The events that are shown to it, derived ones included.</typeparam>
    public ValidationOptions Add<TEvent>(Func<TEvent, IEnumerable<string>> validate)
        where TEvent : notnull
    {
        ArgumentNullException.ThrowIfNull(validate);
        Validations.Add(new EventValidation(typeof(TEvent), (@event, _) => validate((TEvent)@event), NeededService: null));
        return this;
    }

    /// <summary>Shows events to every <see cref="IEventValidator{TEvent}"/> of exactly this type in the services. The host does not start without one.</summary>
    /// <typeparam name="TEvent">The events that are shown to them, derived ones included.</typeparam>
    public ValidationOptions AddRegistered<TEvent>()
        where TEvent : notnull
    {
        Validations.Add(new EventValidation(
            typeof(TEvent),
            static (@event, services) => services.GetServices<IEventValidator<TEvent>>().SelectMany(validator => validator.Validate((TEvent)@event)),
            typeof(IEventValidator<TEvent>)));
        return this;
    }
}
