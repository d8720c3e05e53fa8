namespace Carillon.Middleware;

/// <summary>Says what is wrong with an event. Used by <see cref="MiddlewareCarillonBuilderExtensions.UseValidation"/>.</summary>
/// <typeparam name="TEvent">The events it can judge; derived events are shown to it too.</typeparam>
public interface IEventValidator<in TEvent>
    where TEvent : notnull
{
    /// <summary>Every reason why the event must not be dispatched, for people to read; none if it may.</summary>
    IEnumerable<string> Validate(TEvent @event);
}
