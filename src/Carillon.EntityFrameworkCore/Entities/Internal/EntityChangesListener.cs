namespace Carillon.EntityFrameworkCore.Entities.Internal;

/// <summary>Called after the commit, in a scope of its own: dispatches what was saved. One that fails does not keep the others from being told.</summary>
internal sealed class EntityChangesListener(IEventDispatcher events) : IListener<EntityChanges>
{
    public async ValueTask HandleAsync(EntityChanges @event, CancellationToken cancellationToken)
    {
        List<Exception>? failures = null;
        foreach (var each in @event.Events)
        {
            try
            {
                await events.DispatchObjectAsync(each, cancellationToken).ConfigureAwait(false);
            }
#pragma warning disable CA1031 // Thrown below, with the others.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                (failures ??= []).Add(exception);
            }
        }

        if (failures is not null)
        {
            throw failures is [var only] ? only : new AggregateException(failures);
        }
    }
}
