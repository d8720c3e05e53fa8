namespace Carillon.Sagas;

/// <summary>How far a saga is.</summary>
public enum SagaStatus
{
    /// <summary>It waits for its next event.</summary>
    Running = 0,

    /// <summary>It has given up, and what has succeeded is being undone.</summary>
    Compensating = 1,

    /// <summary>It has reached its end.</summary>
    Completed = 2,

    /// <summary>It has given up, and everything is undone.</summary>
    Compensated = 3,
}
