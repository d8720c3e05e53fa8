using Carillon.Deliveries;
using Carillon.Envelopes;
using Carillon.Sagas;
using Carillon.Sagas.Internal;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Carillon.Hosting.Internal;

/// <summary>What sagas want of the store and of their classes.</summary>
internal sealed class SagaRules(CarillonSetup setup, SagaCatalog sagas, IServiceProvider services)
{
    internal void Check(List<string> problems)
    {
        foreach (var listener in sagas.FindOthers())
        {
            problems.Add($"'{listener.Id}' is a method of a saga, and those are durable, transactional and have their context: set Delivery, Transactional and NeedsContext of the listener.");
        }

        var envelopes = services.GetRequiredService<IOptions<EnvelopeOptions>>().Value;
        foreach (var saga in sagas.Steps.GroupBy(each => each.Step.Saga, StringComparer.Ordinal))
        {
            CheckSaga(saga.Key, [.. saga], problems);
            foreach (var type in saga.Select(each => each.Step.StateType).Distinct())
            {
                foreach (var fault in envelopes.FindShapeFaults(type))
                {
                    problems.Add($"The state of the saga '{saga.Key}' ({type}) would not be there as it was left with its next event: {fault.Text}");
                }
            }
        }

        if (services.GetService<IDeliveryStore>() is { } store)
        {
            CheckStore(store, problems);
        }

        if (services.GetRequiredService<IOptions<SagaOptions>>().Value.KeepEnded is { Ticks: < 0 } negative)
        {
            problems.Add($"SagaOptions.KeepEnded is {negative}: it is a time, zero or longer.");
        }
    }

    private static void CheckSaga(string name, (string ListenerId, SagaStep Step)[] steps, List<string> problems)
    {
        var types = steps.Select(each => each.Step.SagaType).Distinct().ToArray();
        if (types.Length > 1)
        {
            problems.Add($"Two sagas have the name '{name}': '{types[0]}' and '{types[1]}'. Give each a name of its own: [Saga(\"...\")].");
        }

        if (!Array.Exists(steps, each => each.Step.Kind == SagaStepKind.Start))
        {
            problems.Add($"The saga '{name}' ({types[0]}) has no method with [StartedBy], so that it never begins.");
        }

        foreach (var (id, step) in steps)
        {
            if (step.Key is null && step.Kind != SagaStepKind.Compensate)
            {
                problems.Add($"'{id}' does not say by which property of its event it finds its saga '{name}': [CorrelatedBy(\"...\")].");
            }

            if (step.Compensates is { } undone && !Array.Exists(steps, each => each.ListenerId == undone && each.Step.Kind != SagaStepKind.Compensate))
            {
                problems.Add($"'{id}' undoes '{undone}', which is no method of the saga '{name}'.");
            }
        }
    }

    private void CheckStore(IDeliveryStore store, List<string> problems)
    {
        if (store is not ISagaStore)
        {
            problems.Add($"The {store.Description} keep no sagas, and '{sagas.Steps.First().Step.Saga}' is one. Choose a store that does: UseSqlite, UsePostgres or UseInMemory.");
        }

        foreach (var (id, step) in sagas.Steps)
        {
            if (step.TakesTransaction && !store.JoinsTransactions)
            {
                problems.Add(
                    $"'{id}' of the saga '{step.Saga}' takes the transaction of its delivery, but the {store.Description} take part in none. "
                    + "Keep deliveries in the database that it writes to (UseSqlite, UsePostgres), or take the parameter away.");
            }
        }

        foreach (var (id, step) in sagas.Steps)
        {
            if (setup.Services.LastOrDefault(service => service.ServiceType == step.SagaType && !service.IsKeyedService) is { Lifetime: not ServiceLifetime.Scoped } service)
            {
                problems.Add($"The saga '{step.Saga}' ({step.SagaType}) is registered as {service.Lifetime}, but each of its events has one of its own: leave it out of the services, or register it as scoped ('{id}').");
            }
        }
    }
}
