namespace Carillon.Envelopes;

/// <summary>An event could not be turned into bytes, or bytes into an event.</summary>
public sealed class EventSerializationException : CarillonException
{
    internal EventSerializationException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
