namespace Carillon.EventSourcing.Internal;

/// <summary>Reads the pages of one projection, the next ones while one is taken.</summary>
internal sealed class ProjectionReader(IStreamStore streams, int pageSize)
{
    private PagesAhead? _ahead;
    private long _position;

    /// <summary>The page behind a position, up to an end that is safe to be read.</summary>
    internal async ValueTask<ProjectionPage> ReadAsync(long after, long end, CancellationToken cancellationToken)
    {
        if (_ahead is not null && _position != after)
        {
            await ForgetAsync().ConfigureAwait(false);
        }

        var page = _ahead is null
            ? await ProjectionPage.ReadAsync(streams, after, end, pageSize, cancellationToken).ConfigureAwait(false)
            : await _ahead.NextAsync().ConfigureAwait(false);
        _position = page.Position;
        if (page.Position >= end)
        {
            await ForgetAsync().ConfigureAwait(false);
        }
        else
        {
            _ahead ??= new PagesAhead(streams, page.Position, end, pageSize, cancellationToken);
        }

        return page;
    }

    /// <summary>What was read ahead is of no use any more.</summary>
    internal async ValueTask ForgetAsync()
    {
        if (_ahead is { } ahead)
        {
            _ahead = null;
            await ahead.DisposeAsync().ConfigureAwait(false);
        }
    }
}
