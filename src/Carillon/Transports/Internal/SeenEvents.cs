using Carillon.Deliveries.Internal;
using Carillon.Diagnostics.Internal;
using Carillon.Envelopes;
using Carillon.Inbox;

namespace Carillon.Transports.Internal;

/// <summary>Recognises events that a subscription has received before.</summary>
internal sealed class SeenEvents(StoreSlot store, TimeProvider time, Loggers loggers)
{
    internal ValueTask<bool> KnowsAsync(string key, Envelope envelope, CancellationToken cancellationToken) =>
        Inbox.IsRecordedAsync(ConsumerOf(key), MessageOf(envelope), time.GetUtcNow(), cancellationToken);

    /// <summary>Notes an event that was received. It is not undone by a store that does not answer just now: then it may come twice, as without an inbox.</summary>
    internal async ValueTask NoteAsync(string key, Envelope envelope, TimeSpan keep)
    {
        var now = time.GetUtcNow();
        try
        {
            await Inbox.TryRecordAsync(transaction: null, ConsumerOf(key), MessageOf(envelope), now, now + keep, CancellationToken.None).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Whatever a store throws: the event was handled.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Log.NotNoted(loggers.Transports, key, envelope.EventName, envelope.Id, exception);
        }
    }

    private IInboxStore Inbox => (IInboxStore)store.Required;

    // Not the name of any listener, which has no such character.
    private static string ConsumerOf(string key) => $"subscription:{key}";

    private static string MessageOf(Envelope envelope) => envelope.Id.ToString("N");
}
