using Microsoft.Extensions.Logging;

namespace Carillon.EntityFrameworkCore.Diagnostics.Internal;

/// <summary>What EF Core gives reason to say. Ids from 140.</summary>
internal static partial class Log
{
    [LoggerMessage(140, LogLevel.Warning, "A {Context} was left without SaveChanges or a commit: {Count} deliveries that were dispatched for its changes were dropped with them.")]
    internal static partial void DroppedWithoutSave(ILogger logger, string context, int count);

    [LoggerMessage(141, LogLevel.Warning, "{Method} changes rows of {Entity} past the change tracker: events that tell of saved and deleted entities do not tell of these. Load and change them, or dispatch an event of "
        + "your own.")]
    internal static partial void BulkNotSeen(ILogger logger, string method, string entity);

    [LoggerMessage(142, LogLevel.Warning, "The database deletes rows of {Entity} with their {Principal} (cascade): {Event} tells only of those that the context has loaded. Load them before you delete their {Principal}, or "
        + "listen to the event of that one.")]
    internal static partial void CascadeNotSeen(ILogger logger, string entity, string principal, string @event);
}
