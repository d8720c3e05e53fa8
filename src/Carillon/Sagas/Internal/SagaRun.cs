namespace Carillon.Sagas.Internal;

/// <summary>What a method of a saga says while it runs; done when it has returned.</summary>
internal sealed class SagaRun(string key, SagaStepKind kind)
{
    internal string Key => key;

    internal bool IsCompleted { get; private set; }

    /// <summary>Why it gives up; null if it does not.</summary>
    internal string? GivesUp { get; private set; }

    /// <summary>What is to be dispatched later, the last one of each type.</summary>
    internal Dictionary<Type, (object Event, TimeSpan After)> TimeOuts { get; } = [];

    /// <summary>The events that are to be dispatched no more.</summary>
    internal HashSet<Type> Cancelled { get; } = [];

    internal void Complete()
    {
        Check(nameof(Complete));
        IsCompleted = true;
    }

    internal void Compensate(string reason)
    {
        Check(nameof(Compensate));
        GivesUp = reason;
    }

    internal void TimeOut(object @event, TimeSpan after)
    {
        Check(nameof(TimeOut));
        TimeOuts[@event.GetType()] = (@event, after);
        Cancelled.Remove(@event.GetType());
    }

    internal void CancelTimeOut(Type eventType)
    {
        Check(nameof(CancelTimeOut));
        TimeOuts.Remove(eventType);
        Cancelled.Add(eventType);
    }

    private void Check(string what)
    {
        if (kind == SagaStepKind.Compensate)
        {
            throw new InvalidOperationException($"A method that compensates called {what}, but a saga that has given up ends when everything is undone, and not in another way.");
        }

        if (IsCompleted || GivesUp is not null)
        {
            throw new InvalidOperationException($"{what} was called after {(IsCompleted ? nameof(Complete) : nameof(Compensate))}, with which the saga has ended.");
        }
    }
}
