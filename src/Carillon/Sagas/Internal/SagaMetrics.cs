using Carillon.Diagnostics.Internal;

namespace Carillon.Sagas.Internal;

/// <summary>Counts what becomes of sagas, for whoever reads it.</summary>
internal sealed class SagaMetrics(Instruments instruments)
{
    internal void Took(SagaStep step, SagaStatus status)
    {
        if (instruments.SagaSteps.IsEnabled)
        {
            instruments.SagaSteps.Add(1, [new(Tags.Saga, step.Saga), new(Tags.SagaStatus, NameOf(status))]);
        }
    }

    internal void Ignored(SagaStep step, string reason) => instruments.SagaEventsIgnored.Add(1, [new(Tags.Saga, step.Saga), new(Tags.Reason, reason)]);

    internal void Overtaken(SagaStep step) => instruments.SagaConflicts.Add(1, [new(Tags.Saga, step.Saga)]);

    internal static string NameOf(SagaStatus status) => status switch
    {
        SagaStatus.Running => "running",
        SagaStatus.Compensating => "compensating",
        SagaStatus.Completed => "completed",
        _ => "compensated",
    };
}
