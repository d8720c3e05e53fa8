namespace Carillon.Envelopes;

/// <summary>A durable event is larger, as bytes, than the application allows. Nothing of its dispatch was recorded.</summary>
public sealed class EventTooLargeException : CarillonException
{
    internal EventTooLargeException(string eventName, long bytes, int limit)
        : base($"The event '{eventName}' has {bytes:N0} bytes as JSON; the limit is {limit:N0}. "
            + "Put the bulk where it belongs (a table, a file) and its id into the event, or raise EnvelopeOptions.MaxPayloadBytes, in ConfigureEnvelopes.")
    {
    }
}
