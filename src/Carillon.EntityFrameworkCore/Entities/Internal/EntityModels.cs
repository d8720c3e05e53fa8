using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Carillon.EntityFrameworkCore.Contexts.Internal;
using Carillon.EntityFrameworkCore.Diagnostics.Internal;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace Carillon.EntityFrameworkCore.Entities.Internal;

/// <summary>What of a model concerns events, found out once: the quick answer is that nothing does.</summary>
internal sealed class EntityModels
{
    private readonly ConditionalWeakTable<IModel, Facts> _facts = [];
    private readonly ConcurrentDictionary<Type, Type> _contextOf = new();

    /// <summary>Whether entities of the context can raise domain events.</summary>
    internal bool RaiseEvents(DbContext context) => FactsOf(context.Model).Raises;

    /// <summary>Whether somebody wants to know what becomes of entities of the context. Warns, once, of what cannot be seen.</summary>
    internal bool HaveEntityEvents(DbContext context, ScopeContexts scope)
    {
        var facts = FactsOf(context.Model);
        lock (facts)
        {
            return facts.Tells ??= Examine(context.Model, scope);
        }
    }

    /// <summary>The type of context that has been found to have the entity; null if none has yet.</summary>
    internal Type? ContextOf(Type entity) => _contextOf.GetValueOrDefault(entity);

    internal void Remember(Type entity, Type context) => _contextOf[entity] = context;

    private Facts FactsOf(IModel model) => _facts.GetValue(
        model, static found => new Facts(found.GetEntityTypes().Any(static entity => entity.ClrType.IsAssignableTo(typeof(IHasDomainEvents)))));

    private static bool Examine(IModel model, ScopeContexts scope)
    {
        var any = false;
        foreach (var entity in model.GetEntityTypes())
        {
            if (scope.Entities.Find(entity.ClrType) is not { } type)
            {
                continue;
            }

            any = true;
            foreach (var key in entity.GetDeclaredForeignKeys())
            {
                if (key is { DeleteBehavior: DeleteBehavior.Cascade, IsOwnership: false })
                {
                    Log.CascadeNotSeen(scope.Logger, entity.ClrType.Name, key.PrincipalEntityType.ClrType.Name, type.Name + ".deleted");
                }
            }
        }

        return any;
    }

    private sealed class Facts(bool raises)
    {
        internal bool Raises { get; } = raises;

        internal bool? Tells { get; set; }
    }
}
