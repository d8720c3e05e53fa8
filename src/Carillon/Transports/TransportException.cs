namespace Carillon.Transports;

/// <summary>The transport could not do what was asked of it: out of reach, not allowed, too large, not confirmed.</summary>
public sealed class TransportException : CarillonException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What was to be done, what the transport answered, and what to do next. Without credentials.</param>
    /// <param name="innerException">What the client threw.</param>
    public TransportException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
