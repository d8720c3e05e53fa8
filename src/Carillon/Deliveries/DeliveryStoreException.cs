namespace Carillon.Deliveries;

/// <summary>The store could not do what was asked of it: locked, read-only, full, out of reach. Nothing of the call has happened.</summary>
public sealed class DeliveryStoreException : CarillonException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What was to be done, what the store answered, and what to do next.</param>
    /// <param name="innerException">What the driver threw.</param>
    public DeliveryStoreException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
