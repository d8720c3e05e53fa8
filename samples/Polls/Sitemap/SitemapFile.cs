using System.Xml;
using Microsoft.Data.Sqlite;
using Polls.Storage;

namespace Polls.Sitemap;

/// <summary>The sitemap of the site: a file that lists every poll.</summary>
/// <remarks>Safe for concurrent use: one rebuild at a time, and readers always find a whole file.</remarks>
internal sealed class SitemapFile(PollsOptions options, SiteAddress address, Database database) : IDisposable
{
    private const string Namespace = "http://www.sitemaps.org/schemas/sitemap/0.9";

    private readonly SemaphoreSlim _gate = new(1);

    // The last request to be rebuilt, and, under _gate, the last one that a finished rebuild has covered.
    private long _requested;
    private long _covered;

    public string Path => options.SitemapPath;

    /// <summary>Returns once the file contains every poll that was committed before the call.</summary>
    public async Task RebuildAsync(CancellationToken cancellationToken)
    {
        var request = Interlocked.Increment(ref _requested);
        await _gate.WaitAsync(cancellationToken);
        try
        {
            // A rebuild that began after this request has read this poll too: a hundred new polls need a few rebuilds, not a hundred.
            if (_covered >= request)
            {
                return;
            }

            var covers = Interlocked.Read(ref _requested);
            await WriteAsync(cancellationToken);
            _covered = covers;
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose() => _gate.Dispose();

    // Written aside and then renamed: a process killed here leaves the old file or the new one, never half of one.
    private async Task WriteAsync(CancellationToken cancellationToken)
    {
        var site = await address.GetAsync(cancellationToken);
        var polls = await ReadPollsAsync(cancellationToken);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
        var aside = Path + ".new";
        await using (var stream = new FileStream(aside, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            Write(stream, site, polls);
            stream.Flush(flushToDisk: true);
        }

        File.Move(aside, Path, overwrite: true);
    }

    private async Task<List<(Guid Id, DateTimeOffset CreatedAt)>> ReadPollsAsync(CancellationToken cancellationToken)
    {
        await using var connection = database.Open();
        return await connection.QueryAsync(
            "SELECT id, created_at FROM poll ORDER BY id DESC", row => (row.GetGuid(0), row.GetTime(1)), cancellationToken);
    }

    private static void Write(Stream stream, Uri site, List<(Guid Id, DateTimeOffset CreatedAt)> polls)
    {
        using var xml = XmlWriter.Create(stream, new XmlWriterSettings { Indent = true });
        xml.WriteStartElement("urlset", Namespace);
        WriteUrl(xml, site, null);
        foreach (var (id, createdAt) in polls)
        {
            WriteUrl(xml, new Uri(site, $"/polls/{id}"), createdAt);
        }

        xml.WriteEndElement();
    }

    private static void WriteUrl(XmlWriter xml, Uri location, DateTimeOffset? modifiedAt)
    {
        xml.WriteStartElement("url", Namespace);
        xml.WriteElementString("loc", Namespace, location.AbsoluteUri);
        if (modifiedAt is { } time)
        {
            xml.WriteElementString("lastmod", Namespace, XmlConvert.ToString(time));
        }

        xml.WriteEndElement();
    }
}
