using System.Text.Json.Nodes;

namespace Carillon.Envelopes;

/// <summary>
/// Takes stored events one version on: what was written in the shape of a version comes out in that of the next. Add it with
/// <see cref="CarillonBuilder.AddUpcaster{TEvent, TUpcaster}"/>; for most a lambda is enough.
/// </summary>
/// <remarks>Stored events stay as they are: an upcaster sees the same event at each attempt and for each listener, and has to say the same each time.</remarks>
/// <threadsafety>One object serves the whole application, so it must be safe for concurrent use.</threadsafety>
public interface IEventUpcaster
{
    /// <summary>Takes one event to the next version.</summary>
    /// <param name="json">The event as it was stored, or as the step before left it. It may be changed and returned.</param>
    /// <param name="envelope">What is known of the event beside its payload: when it was dispatched, with which id.</param>
    /// <returns>The event in the shape of the next version.</returns>
    JsonObject Upcast(JsonObject json, Envelope envelope);
}
