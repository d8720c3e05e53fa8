namespace Carillon.Testing;

/// <summary>One call of one listener, or one attempt of a durable one, that has ended.</summary>
/// <param name="ListenerId">The id of the listener.</param>
/// <param name="EventName">The name of the event.</param>
/// <param name="Event">The event. A durable listener has a copy of its own, as it came from the store.</param>
/// <param name="Delivery">How events reach the listener.</param>
/// <param name="Attempt">Which attempt of a durable listener it was, counted from 1; always 1 for any other.</param>
/// <param name="Exception">What the listener threw; null if it returned.</param>
public sealed record RecordedCall(string ListenerId, string EventName, object Event, Delivery Delivery, int Attempt, Exception? Exception)
{
    /// <summary>The listener, the event and how it ended, for messages.</summary>
    public override string ToString() =>
        $"{ListenerId}: {EventName} {Event} (attempt {Attempt}, {(Exception is null ? "returned" : $"{Exception.GetType().Name}: {Exception.Message}")})";
}
