using Carillon.EntityFrameworkCore.Contexts.Internal;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;

namespace Carillon.EntityFrameworkCore.Entities.Internal;

/// <summary>The entities that one save adds, changes and deletes, as far as somebody wants to know. Dispatched for the listener that waits for the commit.</summary>
internal sealed class EntityChanges
{
    private readonly List<(EntityEventType Type, EntityEntry Entry, bool IsNew)> _saved = [];
    private readonly List<object> _events = [];

    internal IReadOnlyList<object> Events => _events;

    /// <summary>What is about to be saved; null if nobody wants to know of any of it.</summary>
    internal static EntityChanges? Of(ContextWork work, ScopeContexts scope)
    {
        if (scope.Entities.IsEmpty || !scope.Models.HaveEntityEvents(work.Context, scope))
        {
            return null;
        }

        var changes = new EntityChanges();
        foreach (var entry in work.Context.ChangeTracker.Entries())
        {
            if (entry.State is EntityState.Added or EntityState.Modified or EntityState.Deleted && scope.Entities.Find(entry.Metadata.ClrType) is { } type)
            {
                changes.Add(type, entry);
            }
        }

        return changes;
    }

    /// <summary>When it is saved, and the keys are known that the database chooses; null if nothing was.</summary>
    internal EntityChanges? ToEvent()
    {
        foreach (var (type, entry, isNew) in _saved)
        {
            _events.Add(type.Saved(EntityKeys.Read(entry), isNew));
        }

        _saved.Clear();
        return _events.Count > 0 ? this : null;
    }

    private void Add(EntityEventType type, EntityEntry entry)
    {
        EntityKeys.Check(entry.Metadata);
        if (entry.State == EntityState.Deleted)
        {
            _events.Add(type.Deleted(EntityKeys.Read(entry)));
        }
        else
        {
            _saved.Add((type, entry, entry.State == EntityState.Added));
        }
    }
}
