using System.Text.Json;
using Carillon.Events;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.EntityFrameworkCore.Entities.Internal;

/// <summary>Registers the events of a type of entity, and the listener that dispatches them after the commit.</summary>
internal static class EntityEventServices
{
    internal static void Add<TEntity>(CarillonBuilder builder, string? name)
        where TEntity : class
    {
        var services = builder.Services;
        if (services.Any(static service => service.ImplementationInstance is EntityEventType known && known.Entity == typeof(TEntity)))
        {
            return;
        }

        if (!services.Any(static service => service.ImplementationInstance is EntityEventType))
        {
            builder.AddListener<EntityChangesListener, EntityChanges>(static options => options.Delivery = Delivery.AfterCommit);
        }

        var first = name ?? JsonNamingPolicy.KebabCaseLower.ConvertName(typeof(TEntity).Name);
        services.AddSingleton<EntityEventType>(new EntityEventType.Of<TEntity>(first));
        builder.AddEvent(new EventType(typeof(EntitySaved<TEntity>), first + ".saved"));
        builder.AddEvent(new EventType(typeof(EntityDeleted<TEntity>), first + ".deleted"));
    }
}
