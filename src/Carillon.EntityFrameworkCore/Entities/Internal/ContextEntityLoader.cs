using Carillon.EntityFrameworkCore.Contexts.Internal;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.EntityFrameworkCore.Entities.Internal;

/// <summary>Loads the entities of events from the context of the scope whose model has them.</summary>
internal sealed class ContextEntityLoader<TEntity>(IServiceProvider services, IEnumerable<ContextType> contexts, EntityModels models) : IEntityLoader<TEntity>
    where TEntity : class
{
    public async ValueTask<TEntity?> FindAsync(EntityRef<TEntity> reference, CancellationToken cancellationToken)
    {
        var context = FindContext();
        var entity = context.Model.FindEntityType(typeof(TEntity))!;
        EntityKeys.Check(entity);
        var key = EntityKeys.KeyOf(reference, entity.FindPrimaryKey()!.Properties[0].ClrType);
        return await context.FindAsync<TEntity>([key], cancellationToken).ConfigureAwait(false);
    }

    private DbContext FindContext()
    {
        if (models.ContextOf(typeof(TEntity)) is { } known)
        {
            return (DbContext)services.GetRequiredService(known);
        }

        foreach (var type in contexts)
        {
            var context = (DbContext)services.GetRequiredService(type.Type);
            if (context.Model.FindEntityType(typeof(TEntity)) is not null)
            {
                models.Remember(typeof(TEntity), type.Type);
                return context;
            }
        }

        throw new InvalidOperationException(
            $"A {typeof(TEntity)} cannot be loaded: no context that UseEntityFrameworkCore was called for has it in its model ({string.Join(", ", contexts.Select(type => type.Type.Name))}). "
            + $"Add it to one of them, or register an IEntityLoader<{typeof(TEntity).Name}> of your own.");
    }
}
