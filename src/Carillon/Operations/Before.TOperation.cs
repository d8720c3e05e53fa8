namespace Carillon.Operations;

/// <summary>An operation is about to run. A listener may change it, put another in its place, or refuse it.</summary>
/// <typeparam name="TOperation">What describes the operation.</typeparam>
/// <remarks>Listeners are called in their order; the first veto ends it. Only inline listeners can have a say.</remarks>
public sealed class Before<TOperation> : BeforeOperation
{
    private readonly bool _mayBeNull;

    internal Before(string name, TOperation operation)
        : base(name)
    {
        // An operation that is run by a name may come without a payload.
        _mayBeNull = operation is null;
        Operation = operation;
    }

    /// <summary>What describes the operation. What is here after the last listener is what runs.</summary>
    /// <exception cref="ArgumentNullException">Null is put in the place of an operation. To keep it from running, refuse it with <see cref="BeforeOperation.Veto"/>.</exception>
    public TOperation Operation
    {
        get;
        set
        {
            if (value is null && !_mayBeNull)
            {
                throw new ArgumentNullException(nameof(value), $"The operation '{Name}' cannot be replaced by nothing. To keep it from running, call Veto.");
            }

            field = value;
        }
    }
}
