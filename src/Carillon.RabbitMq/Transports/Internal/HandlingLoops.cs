using System.Buffers;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;

namespace Carillon.RabbitMq.Transports.Internal;

/// <summary>Handles what a receiver is given, so many at once. Where the order of keys counts, each key has its lane, which it shares with other keys.</summary>
/// <remarks>
/// <para>
/// The broker gives the events of an ordered queue to one receiver at a time, in their order; the lanes are what can be done at once all the same. The loops belong to the
/// receiver and not to its channel: what is still being handled when a channel is lost keeps its place, and holds up its key, on the next one too.
/// </para>
/// <para>
/// The client could call handlers itself, so many at once. But it waits for them when a channel is closed, on the thread that reads from the broker: one that ignores its
/// token would hold up everybody.
/// </para>
/// </remarks>
internal sealed class HandlingLoops
{
    private readonly Channel<Item>[] _lanes;
    private readonly Task _loops;
    private uint _turn;

    internal HandlingLoops(int count, bool ordered, ILogger logger)
    {
        _lanes = [.. Enumerable.Range(0, ordered ? count : 1).Select(_ => Channel.CreateUnbounded<Item>(new UnboundedChannelOptions { SingleReader = ordered }))];
        _loops = Task.WhenAll(Enumerable.Range(0, count).Select(number => Task.Run(() => RunAsync(_lanes[number % _lanes.Length].Reader, logger))));
    }

    /// <summary>Gives one to the loops, or to that of its key. Its body is copied, since the client uses the memory again. How many wait is bounded by the prefetch.</summary>
    internal void Post(ReceiverSession session, ulong number, IReadOnlyBasicProperties properties, ReadOnlyMemory<byte> body)
    {
        var copy = ArrayPool<byte>.Shared.Rent(body.Length);
        body.CopyTo(copy);
        var lane = _lanes.Length == 1 ? 0
            : IncomingHeaders.Key(properties.Headers) is { } key ? (uint)string.GetHashCode(key, StringComparison.Ordinal) % (uint)_lanes.Length
            : _turn++ % (uint)_lanes.Length;
        if (!_lanes[lane].Writer.TryWrite(new Item(session, number, properties, copy, body.Length)))
        {
            ArrayPool<byte>.Shared.Return(copy);
        }
    }

    /// <summary>Takes nothing more; completes when all that was taken is handled, or left alone since its session has ended.</summary>
    internal Task StopAsync()
    {
        foreach (var lane in _lanes)
        {
            lane.Writer.TryComplete();
        }

        return _loops;
    }

    private static async Task RunAsync(ChannelReader<Item> lane, ILogger logger)
    {
        while (await lane.WaitToReadAsync().ConfigureAwait(false))
        {
            while (lane.TryRead(out var item))
            {
                try
                {
                    await item.Session.HandleAsync(item.Number, item.Properties, item.Body.AsMemory(0, item.Length)).ConfigureAwait(false);
                }
#pragma warning disable CA1031 // Whatever it is, what comes behind it in this lane has nobody else who would handle it.
                catch (Exception exception)
#pragma warning restore CA1031
                {
                    Log.NotHandled(logger, item.Session.Queue, exception);
                    item.Session.Fail(exception);
                }
                finally
                {
                    ArrayPool<byte>.Shared.Return(item.Body);
                }
            }
        }
    }

    private readonly record struct Item(ReceiverSession Session, ulong Number, IReadOnlyBasicProperties Properties, byte[] Body, int Length);
}
