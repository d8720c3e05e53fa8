using System.Buffers;
using System.Threading.Channels;
using RabbitMQ.Client;

namespace Carillon.RabbitMq.Transports.Internal;

/// <summary>Handles the events of one key one after the other, and those of others meanwhile: each key has its lane, which it shares with other keys.</summary>
/// <remarks>
/// The broker gives the events of an ordered queue to one receiver at a time, in their order; the lanes are what can be done at once all the same. They belong to the
/// receiver and not to its channel: what is still being handled when a channel is lost holds up its key on the next one too.
/// </remarks>
internal sealed class KeyLanes : IAsyncDisposable
{
    private readonly Channel<Item>[] _lanes;
    private readonly Task[] _loops;
    private int _turn;

    internal KeyLanes(int count)
    {
        _lanes = [.. Enumerable.Range(0, count).Select(static _ => Channel.CreateUnbounded<Item>(new UnboundedChannelOptions { SingleReader = true }))];
        _loops = Array.ConvertAll(_lanes, static lane => Task.Run(() => RunAsync(lane.Reader)));
    }

    /// <summary>Gives one to the lane of its key. Its body is copied, since the client uses the memory again. How many wait is bounded by the prefetch.</summary>
    internal Task Post(ReceiverSession session, ulong number, IReadOnlyBasicProperties properties, ReadOnlyMemory<byte> body)
    {
        var copy = ArrayPool<byte>.Shared.Rent(body.Length);
        body.CopyTo(copy);
        var lane = IncomingHeaders.Key(properties.Headers) is { } key ? (uint)string.GetHashCode(key, StringComparison.Ordinal) : (uint)_turn++;
        _lanes[lane % (uint)_lanes.Length].Writer.TryWrite(new Item(session, number, properties, copy, body.Length));
        return Task.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var lane in _lanes)
        {
            lane.Writer.TryComplete();
        }

        await Task.WhenAll(_loops).ConfigureAwait(false);
    }

    private static async Task RunAsync(ChannelReader<Item> lane)
    {
        await foreach (var item in lane.ReadAllAsync().ConfigureAwait(false))
        {
            try
            {
                await item.Session.HandleAsync(item.Number, item.Properties, item.Body.AsMemory(0, item.Length)).ConfigureAwait(false);
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(item.Body);
            }
        }
    }

    private readonly record struct Item(ReceiverSession Session, ulong Number, IReadOnlyBasicProperties Properties, byte[] Body, int Length);
}
