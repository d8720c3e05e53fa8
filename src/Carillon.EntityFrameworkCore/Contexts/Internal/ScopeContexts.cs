using System.Transactions;
using Carillon.EntityFrameworkCore.Entities.Internal;
using Carillon.Transactions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Carillon.EntityFrameworkCore.Contexts.Internal;

/// <summary>The contexts of one scope, and which of them a dispatch belongs to.</summary>
internal sealed class ScopeContexts(IServiceProvider services) : IUnitOfWorkFinder
{
    private readonly List<ContextWork> _contexts = [];

    internal IEventDispatcher Events { get; } = services.GetRequiredService<IEventDispatcher>();

    internal IUnitOfWorkFactory Units { get; } = services.GetRequiredService<IUnitOfWorkFactory>();

    internal EntityEventTypes Entities { get; } = services.GetRequiredService<EntityEventTypes>();

    internal EntityModels Models { get; } = services.GetRequiredService<EntityModels>();

    internal ILogger Logger { get; } = (services.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance).CreateLogger("Carillon.EntityFrameworkCore");

    internal Deliveries.IDeliveryStore? Store { get; } = services.GetService<Deliveries.IDeliveryStore>();

    internal IReadOnlyList<ContextWork> All => _contexts;

    internal void Add(ContextWork context) => _contexts.Add(context);

    internal void Remove(ContextWork context) => _contexts.Remove(context);

    public FollowedUnitOfWork? Find()
    {
        if (Transaction.Current is not null)
        {
            return null;
        }

        return _contexts.Find(static context => context.IsSaving) is { } saving
            ? saving.OpenWork()
            : FindOpenTransaction() ?? FindChanged()?.OpenWork();
    }

    // Contexts that share a transaction are one, and the one that began it speaks for all.
    private FollowedUnitOfWork? FindOpenTransaction()
    {
        ContextWork? found = null;
        foreach (var context in _contexts)
        {
            if (context.Transaction is { } transaction)
            {
                var leader = transaction.Leader;
                found = found is null || found == leader
                    ? leader
                    : throw Ambiguous(found, leader, "have an open transaction", "Commit the one before you go on with the other, or use a scope for each.");
            }
        }

        return found?.OpenWork();
    }

    private ContextWork? FindChanged()
    {
        ContextWork? found = null;
        foreach (var context in _contexts)
        {
            if (context.HasChanges)
            {
                found = found is null
                    ? context
                    : throw Ambiguous(found, context, "have unsaved changes", "Begin a transaction (Database.BeginTransactionAsync) on the one that the event belongs to, or save the other one first.");
            }
        }

        return found;
    }

    private static CarillonException Ambiguous(ContextWork one, ContextWork other, string what, string mend) =>
        new($"An event was dispatched in a scope in which both {one} and {other} {what}: nobody can tell with which of them its deliveries are to be committed. {mend} "
            + "If it belongs to neither, say so at the dispatch: new DeliveryOptions { OutsideTransaction = true }.");
}
