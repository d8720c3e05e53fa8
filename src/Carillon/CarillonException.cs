namespace Carillon;

/// <summary>The root of the exceptions that Carillon itself throws. What a listener throws reaches the emitter unchanged.</summary>
public class CarillonException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What happened, with which value, and what to do next.</param>
    /// <param name="innerException">The cause, if there is one.</param>
    public CarillonException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
