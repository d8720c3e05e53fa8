namespace Carillon.Operations;

/// <summary>An operation has run, whatever came out of it.</summary>
/// <typeparam name="TOperation">What describes the operation.</typeparam>
public abstract class After<TOperation> : AfterOperation
{
    private protected After(string name, TOperation operation)
        : base(name) =>
        Operation = operation;

    /// <summary>The operation as it has run, with the changes of those who listened before it.</summary>
    public TOperation Operation { get; }
}
