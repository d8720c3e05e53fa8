using Carillon.Diagnostics.Internal;
using Carillon.EventSourcing;
using Carillon.EventSourcing.Internal;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Carillon.Hosting.Internal;

/// <summary>What can be wrong with the event store and with projections.</summary>
internal sealed class EventStoreRules(CarillonSetup setup, IServiceProvider services)
{
    internal void Check(List<string> problems)
    {
        if (setup.HasEventStore)
        {
            // Reading it runs its rules, which throw with every fault named.
            _ = services.GetRequiredService<IOptions<EventStoreOptions>>().Value;
            var slot = services.GetRequiredService<StreamSlot>();
            if (slot.Database is null)
            {
                problems.Add(slot.Missing());
            }
        }

        if (setup.Projections is { } projections)
        {
            projections.Complete(problems);
            // What their methods need is looked for together with what listeners need.
            setup.ListenersToCheck.AddRange(projections.All.SelectMany(projection => projection.Listeners).Where(listener => listener.Dependencies.Count > 0).Distinct());
            foreach (var forgotten in projections.FindForgotten())
            {
                Log.ProjectionForgotten(Loggers.Of(services).Startup, forgotten);
            }

            foreach (var projection in projections.All.Where(each => each.Options.BatchSize < 0 || each.Options.MaxAttempts < 0))
            {
                problems.Add(
                    $"The projection '{projection.Name}' has BatchSize = {projection.Options.BatchSize} and MaxAttempts = {projection.Options.MaxAttempts}: neither can be negative. "
                    + "Leave them out for the defaults.");
            }
        }
    }
}
