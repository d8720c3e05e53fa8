namespace Carillon.Operations;

/// <summary>An operation is about to run. A listener may change it, put another in its place, or refuse it.</summary>
/// <typeparam name="TOperation">What describes the operation.</typeparam>
/// <remarks>Listeners are called in their order; the first veto ends it. Only inline listeners can have a say.</remarks>
public sealed class Before<TOperation> : BeforeOperation
{
    internal Before(string name, TOperation operation)
        : base(name) =>
        Operation = operation;

    /// <summary>What describes the operation. What is here after the last listener is what runs.</summary>
    public TOperation Operation { get; set; }
}
