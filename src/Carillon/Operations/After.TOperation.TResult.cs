namespace Carillon.Operations;

/// <summary>An operation has run, and this came out of it.</summary>
/// <typeparam name="TOperation">What describes the operation.</typeparam>
/// <typeparam name="TResult">What came out; <see cref="NoResult"/> for an operation that gives nothing back.</typeparam>
public sealed class After<TOperation, TResult> : After<TOperation>
{
    /// <summary>Describes an operation that has run; public so that it can be read from a store.</summary>
    /// <param name="name">The name of the operation.</param>
    /// <param name="operation">The operation as it has run.</param>
    /// <param name="result">What came out.</param>
    public After(string name, TOperation operation, TResult result)
        : base(name, operation) =>
        Result = result;

    /// <summary>What came out of the operation.</summary>
    public TResult Result { get; }
}
