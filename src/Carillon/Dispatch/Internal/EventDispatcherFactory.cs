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
            var dispatcher = scope.ServiceProvider.GetRequiredService<EventDispatcher>();
            // Called by a listener, this goes on with its chain.
            dispatcher.Chain.Close();
            return await dispatcher.DispatchAsync(@event, cancellationToken).ConfigureAwait(false);
        }
    }
}
