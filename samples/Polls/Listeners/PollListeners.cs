using Carillon;
using Microsoft.Data.Sqlite;
using Polls.Events;
using Polls.ExternalApi;
using Polls.Sitemap;
using Polls.Storage;

namespace Polls.Listeners;

/// <summary>What else happens when something happens to a poll. The code that creates a poll or counts a vote knows nothing of it.</summary>
internal sealed class PollListeners
{
    /// <summary>
    /// Inline, and before the others: it runs inside the dispatch, on the connection of the emitter and thus in its transaction. No audit without
    /// the poll, and no poll without the audit.
    /// </summary>
    [OnEvent(Priority = EventPriority.High)]
    public Task Audit(IPollEvent e, EventContext context, SqliteConnection connection, CancellationToken cancellationToken) =>
        connection.ExecuteAsync(
            "INSERT INTO audit (event_id, event_name, poll_id, occurred_at) VALUES (@event, @name, @poll, @at)",
            cancellationToken,
            ("@event", context.EventId),
            ("@name", context.EventName),
            ("@poll", e.PollId),
            ("@at", e.OccurredAt));

    /// <summary>Durable: after the commit, at least once, also if this process is killed in between.</summary>
    [OnEvent(Delivery.Durable, Id = "sitemap")]
    public Task RebuildSitemap(PollCreated e, SitemapFile sitemap, CancellationToken cancellationToken) =>
        sitemap.RebuildAsync(cancellationToken);

    /// <summary>Durable, and by itself: while the external API is down it is tried again, and the sitemap does not wait for it.</summary>
    [OnEvent(Delivery.Durable, Id = "external-api")]
    public Task NotifyExternalApi(PollCreated e, EventContext context, ExternalApiClient api, CancellationToken cancellationToken) =>
        api.NotifyAsync(e.PollId, context.EventId, cancellationToken);
}
