namespace Carillon.Operations;

/// <summary>What became of an operation: it has run, or was refused.</summary>
/// <typeparam name="TResult">What an operation that has run gives back.</typeparam>
public sealed class OperationOutcome<TResult>
{
    private readonly TResult? _result;
    private readonly BeforeOperation _before;

    internal OperationOutcome(BeforeOperation before, TResult? result = default)
    {
        _before = before;
        _result = result;
    }

    /// <summary>Whether a listener has refused it.</summary>
    public bool IsVetoed => _before.IsVetoed;

    /// <summary>Why it did not run; null if it has run.</summary>
    public string? VetoReason => _before.VetoReason;

    /// <summary>The method that has refused it; null if it has run.</summary>
    public string? VetoedBy => _before.VetoedBy;

    /// <summary>What came out of the operation.</summary>
    /// <exception cref="OperationVetoedException">It was refused, and nothing came out.</exception>
    public TResult Result => IsVetoed ? throw new OperationVetoedException(_before) : _result!;
}
