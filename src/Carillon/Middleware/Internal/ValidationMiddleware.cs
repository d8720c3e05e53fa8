namespace Carillon.Middleware.Internal;

/// <summary>Refuses an event against which a validator has a reason.</summary>
/// <param name="validations">All validators of the application.</param>
internal sealed class ValidationMiddleware(IReadOnlyList<EventValidation> validations) : IEventMiddleware
{
    public ValueTask InvokeAsync(object @event, EventNext next, CancellationToken cancellationToken)
    {
        List<string>? reasons = null;
        foreach (var validation in validations)
        {
            if (validation.EventType.IsInstanceOfType(@event))
            {
                foreach (var reason in validation.Validate(@event, next.Services) ?? [])
                {
                    (reasons ??= []).Add(reason);
                }
            }
        }

        return reasons is null ? next.InvokeAsync(cancellationToken) : throw new EventInvalidException(next.EventName, reasons);
    }
}
