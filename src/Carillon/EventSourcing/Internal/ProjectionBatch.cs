using Carillon.Dispatch.Internal;
using Carillon.Events;
using Carillon.Listeners;
using Carillon.Transactions;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.EventSourcing.Internal;

/// <summary>Takes one batch of events: the read model and how far it has come are one transaction.</summary>
internal sealed class ProjectionBatch(StreamSlot slot, IServiceScopeFactory scopes, EventReading reading, TimeProvider time)
{
    /// <param name="projection">The projection.</param>
    /// <param name="methods">Its methods.</param>
    /// <param name="lease">The right to write.</param>
    /// <param name="isRebuild">Whether the generation is built beside the one that is read.</param>
    /// <param name="events">The events behind the first page.</param>
    /// <param name="first">The first page.</param>
    /// <param name="leaseDuration">How long the lease lasts from then on. It is kept while the batch is under way.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>False if the lease is lost, or it was paused: nothing was written.</returns>
    /// <exception cref="ProjectionFault">A method threw; nothing was written.</exception>
    internal async ValueTask<bool> RunAsync(
        ProjectionSetup projection,
        ProjectionMethods methods,
        ProjectionLease lease,
        bool isRebuild,
        BatchEvents events,
        ProjectionPage first,
        TimeSpan leaseDuration,
        CancellationToken cancellationToken)
    {
        return await InTransactionAsync(projection, lease.Generation, isRebuild, TakeAsync, cancellationToken).ConfigureAwait(false);

        async ValueTask<bool> TakeAsync(IServiceProvider services, IProjection instance, ProjectionRun run)
        {
            var keeper = new ProjectionLeaseKeeper(slot.Projections, lease, first.After, leaseDuration, time);
            await using (keeper.ConfigureAwait(false))
            {
                await TakeAllAsync(methods, services, instance, run, events, first, cancellationToken).ConfigureAwait(false);
            }

            return await slot.Projections.AdvanceAsync(run.Transaction, lease, events.Position, time.GetUtcNow() + leaseDuration, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Prepares a generation that has no batch yet, and whose first one will not begin at the first event.</summary>
    internal async ValueTask PrepareAsync(ProjectionSetup projection, int generation, CancellationToken cancellationToken) =>
        await InTransactionAsync(
            projection,
            generation,
            isRebuild: false,
            async (_, instance, run) =>
            {
                await instance.PrepareAsync(run, cancellationToken).ConfigureAwait(false);
                return true;
            },
            cancellationToken).ConfigureAwait(false);

    /// <summary>Makes the generation that was built the one that is read.</summary>
    /// <returns>False if the other one has come further meanwhile, or the lease is lost.</returns>
    internal ValueTask<bool> SwitchAsync(ProjectionSetup projection, ProjectionLease lease, CancellationToken cancellationToken) =>
        InTransactionAsync(
            projection,
            lease.Generation,
            isRebuild: true,
            async (_, instance, run) =>
            {
                // First, since it may turn out that there is nothing to switch yet; its locks keep the other one where it is.
                if (!await slot.Projections.SwitchAsync(run.Transaction, lease, cancellationToken).ConfigureAwait(false))
                {
                    return false;
                }

                await instance.ActivateAsync(run, cancellationToken).ConfigureAwait(false);
                return true;
            },
            cancellationToken);

    /// <summary>Removes what a generation has written that is not read any more.</summary>
    internal async ValueTask RetireAsync(ProjectionSetup projection, int generation, CancellationToken cancellationToken) =>
        await InTransactionAsync(
            projection,
            generation,
            isRebuild: false,
            async (_, instance, run) =>
            {
                if (!await slot.Projections.ForgetAsync(run.Transaction, projection.Name, generation, cancellationToken).ConfigureAwait(false))
                {
                    return false;
                }

                await instance.RetireAsync(run, cancellationToken).ConfigureAwait(false);
                return true;
            },
            cancellationToken).ConfigureAwait(false);

    private async ValueTask<bool> InTransactionAsync(
        ProjectionSetup projection,
        int generation,
        bool isRebuild,
        Func<IServiceProvider, IProjection, ProjectionRun, ValueTask<bool>> work,
        CancellationToken cancellationToken)
    {
        var scope = scopes.CreateAsyncScope();
        await using (scope.ConfigureAwait(false))
        {
            var services = scope.ServiceProvider;
            var run = services.GetRequiredService<ProjectionRun>();
            (run.Name, run.Generation, run.IsRebuild) = (projection.Name, generation, isRebuild);
            if (slot.Transactional is not { } store)
            {
                return await work(services, Instance(services, projection), run).ConfigureAwait(false);
            }

            var connection = await store.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
            await using (connection.ConfigureAwait(false))
            {
                var unit = await services.GetRequiredService<IUnitOfWorkFactory>().BeginAsync(connection, cancellationToken).ConfigureAwait(false);
                await using (unit.ConfigureAwait(false))
                {
                    run.Transaction = unit.Transaction;
                    if (!await work(services, Instance(services, projection), run).ConfigureAwait(false))
                    {
                        await unit.RollbackAsync(CancellationToken.None).ConfigureAwait(false);
                        return false;
                    }

                    await unit.CommitAsync(CancellationToken.None).ConfigureAwait(false);
                    return true;
                }
            }
        }
    }

    private static IProjection Instance(IServiceProvider services, ProjectionSetup projection) => (IProjection)services.GetRequiredService(projection.Class);

    private async ValueTask TakeAllAsync(
        ProjectionMethods methods,
        IServiceProvider services,
        IProjection instance,
        ProjectionRun run,
        BatchEvents events,
        ProjectionPage first,
        CancellationToken cancellationToken)
    {
        var dispatcher = services.GetRequiredService<EventDispatcher>();
        for (ProjectionPage? page = first; page is { } taken; page = await events.NextAsync(cancellationToken).ConfigureAwait(false))
        {
            var index = 0;
            try
            {
                if (taken.After == 0)
                {
                    await instance.PrepareAsync(run, cancellationToken).ConfigureAwait(false);
                }

                for (; index < taken.Count; index++)
                {
                    await TakeAsync(methods, services, run, taken.Events[index], dispatcher, cancellationToken).ConfigureAwait(false);
                }
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                throw new ProjectionFault(events.Count - taken.Count + index, index < taken.Count ? taken.Events[index] : null, exception);
            }
        }

        try
        {
            run.Event = null;
            await instance.CompleteBatchAsync(run, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ProjectionFault(events.Count, failed: null, exception);
        }
    }

    private ValueTask TakeAsync(
        ProjectionMethods methods, IServiceProvider services, ProjectionRun run, StoredEvent stored, EventDispatcher dispatcher, CancellationToken cancellationToken)
    {
        var (eventType, listeners) = methods.For(stored.Envelope.EventName);
        if (listeners.Length == 0)
        {
            return ValueTask.CompletedTask;
        }

        run.Event = new RecordedEvent(stored, reading, reading.Read(stored, eventType));
        dispatcher.Cause = stored.Envelope;
        return listeners.Length == 1
            ? Call(listeners[0], eventType!, run, services, dispatcher, cancellationToken)
            : CallAllAsync(listeners, eventType!, run, services, dispatcher, cancellationToken);
    }

    private async ValueTask CallAllAsync(
        Listener[] listeners, EventType eventType, ProjectionRun run, IServiceProvider services, EventDispatcher dispatcher, CancellationToken cancellationToken)
    {
        foreach (var listener in listeners)
        {
            await Call(listener, eventType, run, services, dispatcher, cancellationToken).ConfigureAwait(false);
        }
    }

    private ValueTask Call(
        Listener listener, EventType eventType, ProjectionRun run, IServiceProvider services, EventDispatcher dispatcher, CancellationToken cancellationToken)
    {
        var recorded = run.Event!;
        var @event = listener.EventType == typeof(NamedEvent) ? new NamedEvent(eventType.Name, recorded.Event) : recorded.Event;
        var context = listener.NeedsContext
            ? EventContext.OfProjection(eventType.Name, recorded.Envelope, run.Transaction, dispatcher, time, cancellationToken)
            : null;
        return listener.Invoke(@event, new ListenerCall(services, context, cancellationToken));
    }
}
