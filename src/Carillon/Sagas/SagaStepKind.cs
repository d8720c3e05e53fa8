namespace Carillon.Sagas;

/// <summary>What a method of a saga does with it.</summary>
public enum SagaStepKind
{
    /// <summary>Begins it, or joins it if it is there.</summary>
    Start = 0,

    /// <summary>Goes on with it.</summary>
    Continue = 1,

    /// <summary>Undoes a step.</summary>
    Compensate = 2,
}
