namespace Carillon.EventSourcing.Internal;

/// <summary>
/// The events of one batch, page by page: what was taken already need not be kept until the batch ends, which would cost more than all else when batches are large.
/// </summary>
/// <param name="reader">Where they come from.</param>
/// <param name="methods">Knows which of them can be read here.</param>
/// <param name="after">How far the projection has come before.</param>
/// <param name="end">How far can be read.</param>
/// <param name="limit">How many there are at most.</param>
/// <param name="takesUnknown">Whether those whose type is gone are taken too; the others end before such a one.</param>
internal sealed class BatchEvents(ProjectionReader reader, ProjectionMethods methods, long after, long end, int limit, bool takesUnknown)
{
    /// <summary>How far it has come with the pages that were given.</summary>
    internal long Position { get; private set; } = after;

    /// <summary>How many events were in the pages that were given.</summary>
    internal int Count { get; private set; }

    /// <summary>The event before which the batch ends, because nobody here can read it.</summary>
    internal StoredEvent? Unknown { get; private set; }

    /// <summary>The next page; null if the batch is at its end.</summary>
    internal async ValueTask<ProjectionPage?> NextAsync(CancellationToken cancellationToken)
    {
        if (Position >= end || Count >= limit || Unknown is not null)
        {
            return null;
        }

        var whole = await reader.ReadAsync(Position, end, cancellationToken).ConfigureAwait(false);
        var page = WithoutUnknown(whole.First(limit - Count));
        if (page is null)
        {
            return null;
        }

        (Position, Count) = (page.Value.Position, Count + page.Value.Count);
        return page;
    }

    private ProjectionPage? WithoutUnknown(ProjectionPage page)
    {
        for (var index = 0; index < page.Count && !takesUnknown; index++)
        {
            if (!methods.Knows(page.Events[index].Envelope))
            {
                Unknown = page.Events[index];
                return index == 0 ? null : page.First(index);
            }
        }

        return page;
    }
}
