namespace Carillon;

/// <summary>Thrown by a durable listener for which no further attempt could succeed: its delivery is kept as failed at once.</summary>
public sealed class UnrecoverableListenerException : CarillonException
{
    /// <summary>Gives up.</summary>
    public UnrecoverableListenerException()
        : base("The listener cannot succeed, however often it is tried.")
    {
    }

    /// <summary>Gives up for a reason.</summary>
    /// <param name="message">The reason; kept with the delivery.</param>
    public UnrecoverableListenerException(string message)
        : base(message)
    {
    }

    /// <summary>Gives up because of an exception.</summary>
    /// <param name="message">The reason; kept with the delivery.</param>
    /// <param name="innerException">The exception.</param>
    public UnrecoverableListenerException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
