namespace Carillon.Sagas;

/// <summary>What is said of a method of a saga beside what is said of every listener. Generated code makes it. Immutable.</summary>
/// <param name="saga">The name of the saga in the store.</param>
/// <param name="kind">What the method does with it.</param>
/// <param name="sagaType">The class.</param>
/// <param name="stateType">What it keeps.</param>
public sealed class SagaStep(string saga, SagaStepKind kind, Type sagaType, Type stateType)
{
    /// <summary>The name of the saga in the store.</summary>
    public string Saga { get; } = saga;

    /// <summary>What the method does with it.</summary>
    public SagaStepKind Kind { get; } = kind;

    /// <summary>The class.</summary>
    public Type SagaType { get; } = sagaType;

    /// <summary>What it keeps.</summary>
    public Type StateType { get; } = stateType;

    /// <summary>Reads the key out of an event. Null for one that compensates, which carries it.</summary>
    public Func<object, string?>? Key { get; init; }

    /// <summary>The version of the state. Defaults to 1.</summary>
    public int Version { get; init; } = 1;

    /// <summary>What becomes of an event that finds no saga. Defaults to <see cref="EarlyEvents.Wait"/>.</summary>
    public EarlyEvents Early { get; init; }

    /// <summary>The id of the listener that this one undoes; null for one that does not.</summary>
    public string? Compensates { get; init; }

    /// <summary>Whether the method takes the transaction, or its connection. Defaults to false.</summary>
    public bool TakesTransaction { get; init; }
}
