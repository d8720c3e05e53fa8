using Carillon.Envelopes;

namespace Carillon.Sagas.Internal;

/// <summary>Decides what becomes of an event that has come to a saga. Knows no store and no clock.</summary>
internal static class SagaRule
{
    internal static SagaVerdict Judge(SagaStep step, string listenerId, FoundSaga? found, SagaProgress progress, Envelope envelope) => found switch
    {
        null when step.Kind == SagaStepKind.Start => SagaVerdict.Run,
        // One that is not there any more has nothing to undo.
        null when step.Kind == SagaStepKind.Compensate || step.Early == EarlyEvents.Ignore => SagaVerdict.NotThere,
        null => SagaVerdict.Early,
        { HasTaken: true } => SagaVerdict.TakenBefore,
        { Instance.HasEnded: true } => SagaVerdict.Ended,
        { Instance.Status: SagaStatus.Compensating } => step.Kind != SagaStepKind.Compensate ? SagaVerdict.GaveUp : IsNext(step, progress) ? SagaVerdict.Run : SagaVerdict.TakenBefore,
        _ when step.Kind == SagaStepKind.Compensate => SagaVerdict.NotThere,
        _ when progress.HasTakenBack(envelope) => SagaVerdict.TakenBack,
        _ when step.Kind == SagaStepKind.Start && progress.Started.Contains(listenerId) => SagaVerdict.StartedBefore,
        _ => SagaVerdict.Run,
    };

    // By hand a delivery can be run again that was completed long ago.
    private static bool IsNext(SagaStep step, SagaProgress progress) => progress.Done is [.., var last] && last == step.Compensates;
}
