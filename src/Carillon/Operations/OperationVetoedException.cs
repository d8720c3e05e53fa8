namespace Carillon.Operations;

/// <summary>A listener has refused an operation; it did not run.</summary>
public sealed class OperationVetoedException : CarillonException
{
    internal OperationVetoedException(BeforeOperation before)
        : base($"The operation '{before.Name}' was refused by '{before.VetoedBy}': {before.VetoReason}")
    {
        OperationName = before.Name;
        Reason = before.VetoReason!;
        VetoedBy = before.VetoedBy!;
    }

    /// <summary>The name of the operation.</summary>
    public string OperationName { get; }

    /// <summary>Why it was refused, in the words of the listener.</summary>
    public string Reason { get; }

    /// <summary>The method that has refused it.</summary>
    public string VetoedBy { get; }
}
