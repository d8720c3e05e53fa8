using System.Text;

namespace Carillon.Deliveries.InMemory;

/// <summary>Whether a row is one of those that are meant.</summary>
internal static class InMemoryFilter
{
    internal static bool Matches(this DeliveryFilter filter, InMemoryDelivery row, DateTimeOffset now) =>
        (filter.State is not { } state || row.StateAt(now) == state)
        && (filter.Queue is not { } queue || row.Delivery.Queue == queue)
        && (filter.ListenerId is not { } listener || row.ListenerId == listener)
        && (filter.EventName is not { } name || row.Envelope.EventName == name)
        && (filter.EventId is not { } eventId || row.Envelope.Id == eventId)
        && (filter.Key is not { } key || row.Delivery.Key?.Value == key)
        && (filter.UniqueKey is not { } unique || (row.HoldsUnique && row.Delivery.Unique!.Key == unique))
        && (filter.CreatedFrom is not { } from || row.Envelope.Time >= from)
        && (filter.CreatedBefore is not { } before || row.Envelope.Time < before)
        && (filter.Text is not { } text || Contains(row.Error, text) || Contains(Encoding.UTF8.GetString(row.Envelope.Payload.Span), text));

    // As every database can compare without an extension: the case of ASCII letters apart, and of no others.
    private static bool Contains(string? where, string text) =>
        where is not null && Fold(where).Contains(Fold(text), StringComparison.Ordinal);

    private static string Fold(string text) => string.Create(text.Length, text, static (folded, text) =>
    {
        for (var i = 0; i < folded.Length; i++)
        {
            folded[i] = char.IsAsciiLetterUpper(text[i]) ? (char)(text[i] | 0x20) : text[i];
        }
    });
}
