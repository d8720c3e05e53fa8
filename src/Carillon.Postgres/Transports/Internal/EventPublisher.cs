using System.Threading.Channels;
using Carillon.Postgres.Deliveries.Internal;
using Carillon.Transports;
using Npgsql;
using NpgsqlTypes;

namespace Carillon.Postgres.Transports.Internal;

/// <summary>Writes events: whatever waits when the last write is back becomes the next, in one statement and one commit.</summary>
/// <threadsafety>Safe for concurrent use.</threadsafety>
internal sealed class EventPublisher : IAsyncDisposable
{
    private const int MaxEvents = 256;
    private const long MaxBytes = 4 * 1024 * 1024;

    // One waits for the disk while the other collects.
    private const int Writers = 2;

    private readonly Channel<Publication> _waiting = Channel.CreateUnbounded<Publication>();
    private readonly TransportCalls _calls;
    private readonly Notices _notices;
    private readonly Lock _gate = new();
    private Task[]? _running;

    internal EventPublisher(TransportCalls calls, Notices notices) => (_calls, _notices) = (calls, notices);

    /// <exception cref="TransportException">It was not written, or nobody knows.</exception>
    internal Task<PublishResult> PublishAsync(OutgoingEvent outgoing, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var publication = new Publication(outgoing);
        if (!_waiting.Writer.TryWrite(publication))
        {
            throw new TransportException($"Could not publish '{outgoing.EventName}': the transport is closed. The host is stopping.");
        }

        lock (_gate)
        {
            _running ??= [.. Enumerable.Range(0, Writers).Select(_ => Task.Run(RunAsync, CancellationToken.None))];
        }

        return publication.WaitAsync(cancellationToken);
    }

    /// <summary>What waits is written first.</summary>
    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        await Task.WhenAll(_running ?? []).ConfigureAwait(false);
    }

    private async Task RunAsync()
    {
        var batch = new List<Publication>();
        while (await _waiting.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            var bytes = 0L;
            while (batch.Count < MaxEvents && bytes < MaxBytes && _waiting.Reader.TryRead(out var next))
            {
                if (next.TryBegin())
                {
                    batch.Add(next);
                    bytes += next.Event.Body.Length;
                }
            }

            if (batch.Count > 0)
            {
                await WriteAsync(batch).ConfigureAwait(false);
                batch.Clear();
            }
        }
    }

    private async Task WriteAsync(List<Publication> batch)
    {
        try
        {
            var what = batch.Count == 1 ? $"publish '{batch[0].Event.EventName}'" : $"publish {batch.Count} events";
            var taken = await _calls.RunAsync(
                what,
                () => [Fill(batch)],
                static reader => StoreRunner.ReadAllAsync(reader, static row => (Place: row.GetInt32(0), Subscription: row.GetInt64(1))),
                CancellationToken.None).ConfigureAwait(false);
            _notices.Announce(taken.Select(static each => each.Subscription));
            var routed = taken.Select(static each => each.Place - 1).ToHashSet();
            for (var place = 0; place < batch.Count; place++)
            {
                batch[place].Complete(routed.Contains(place) ? PublishResult.Routed : PublishResult.Unrouted);
            }
        }
#pragma warning disable CA1031 // Whatever it is, everybody who waits is told.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            batch.ForEach(each => each.Fail(exception as TransportException ?? new TransportException($"Could not publish '{each.Event.EventName}': {exception.Message}", exception)));
        }
    }

    private NpgsqlBatchCommand Fill(List<Publication> batch)
    {
        var command = _calls.Command(PublishSql.Publish);
        command.AddColumn<string>(NpgsqlDbType.Text).AddRange(batch.Select(static each => StoredText.Write(each.Event.EventName)));
        command.AddColumn<long?>(NpgsqlDbType.Bigint).AddRange(batch.Select(static each => each.Event.Key is { Length: > 0 } key ? StableHash.OfKey(string.Empty, key) : (long?)null));
        command.AddColumn<string>(NpgsqlDbType.Text).AddRange(batch.Select(static each => StoredText.Write(each.Event.ContentType)));
        command.AddColumn<string>(NpgsqlDbType.Text).AddRange(batch.Select(static each => each.Headers));
        command.AddColumn<ReadOnlyMemory<byte>>(NpgsqlDbType.Bytea).AddRange(batch.Select(static each => each.Event.Body));
        return command;
    }
}
