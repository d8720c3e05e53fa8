using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Dispatch.Internal;

/// <summary>Opens a scope for each dispatch.</summary>
internal sealed class EventDispatcherFactory(IServiceScopeFactory scopes) : IEventDispatcherFactory
{
    public async ValueTask<TEvent> DispatchInNewScopeAsync<TEvent>(TEvent @event, CancellationToken cancellationToken = default)
        where TEvent : notnull
    {
        var scope = scopes.CreateAsyncScope();
        await using (scope.ConfigureAwait(false))
        {
            return await scope.ServiceProvider.GetRequiredService<EventDispatcher>().DispatchAsync(@event, cancellationToken).ConfigureAwait(false);
        }
    }
}
