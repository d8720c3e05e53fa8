using System.Transactions;
using Microsoft.EntityFrameworkCore;

namespace Carillon.EntityFrameworkCore.Contexts.Internal;

/// <summary>What a save cannot do without committing something apart from the rest, or losing it.</summary>
internal static class SaveRules
{
    // What it changes is saved without it; by itself it would be committed before the rest, and even if the rest fails.
    internal static void CheckNested(ContextWork work)
    {
        if (work.CallsWithoutTransaction)
        {
            throw new InvalidOperationException(
                $"A listener called SaveChanges of the {work} whose SaveChanges calls it, before there is a transaction: the two could not be committed together. "
                + "Leave the call out, since what the listener changes is saved with the rest; or begin a transaction around the outer SaveChanges (Database.BeginTransactionAsync).");
        }
    }

    internal static void CheckAmbient(ContextWork work)
    {
        if (work.Work is { HasUnwritten: true } && Transaction.Current is not null)
        {
            throw new InvalidOperationException(
                $"SaveChanges of the {work} was called inside a TransactionScope, but events were dispatched for its changes before: they belong to its own transaction. "
                + "Open the TransactionScope before you dispatch.");
        }
    }

    internal static void CheckNothingRaised(DbContext context)
    {
        if (DomainEventsOfSaves.FindRaised(context) is { } aggregate)
        {
            throw new CarillonException(
                $"'{aggregate.GetType()}' has raised domain events, but the {context.GetType()} that saves it belongs to no scope in which they could be dispatched. "
                + "After a factory has made a context, say which scope it is used in: context.JoinScope(serviceProvider).");
        }
    }
}
