using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Carillon.RabbitMq.Transports.Internal;

/// <summary>The right to bring up to date what the queue of a subscription takes: over all processes one receiver has it at a time.</summary>
/// <remarks>
/// An exclusive queue, which the broker gives to one connection, with an exclusive consumer, which it gives to one channel of that. Both are gone with the channel, whatever becomes of whoever has it:
/// who has his turn gives it back by disposing of the channel. Nothing is ever in that queue.
/// </remarks>
internal static class SubscriptionTurn
{
    private const ushort Locked = 405;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    // Bringing up to date takes milliseconds. Whoever needs so long stands still, and a start is not to wait for him.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <summary>Waits for the turn; null if somebody else has it for too long.</summary>
    internal static async ValueTask<IChannel?> TakeAsync(TransportParts parts, QueueNames names, string what, CancellationToken cancellationToken)
    {
        var began = parts.Time.GetTimestamp();
        var isTold = false;
        while (true)
        {
            var channel = await parts.Link.OpenChannelAsync(what, options: null, cancellationToken).ConfigureAwait(false);
            if (await TryAsync(channel, parts, names, cancellationToken).ConfigureAwait(false))
            {
                return channel;
            }

            if (parts.Time.GetElapsedTime(began) >= Patience)
            {
                Log.NoTurn(parts.Logger, names.Queue, Patience);
                return null;
            }

            if (!isTold)
            {
                isTold = true;
                Log.WaitsForTurn(parts.Logger, names.Queue);
            }

            await Task.Delay(Pause, parts.Time, cancellationToken).ConfigureAwait(false);
        }
    }

    private static async ValueTask<bool> TryAsync(IChannel channel, TransportParts parts, QueueNames names, CancellationToken cancellationToken)
    {
        try
        {
            await channel.QueueDeclareAsync(names.Turn, durable: false, exclusive: true, autoDelete: true, Arguments(), cancellationToken: cancellationToken).ConfigureAwait(false);
            await channel.BasicConsumeAsync(
                names.Turn, autoAck: true, consumerTag: "", noLocal: false, exclusive: true, arguments: null, new AsyncDefaultBasicConsumer(channel), cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (Exception exception)
        {
            await channel.DisposeAsync().ConfigureAwait(false);
            if (IsTaken(exception))
            {
                return false;
            }

            if (RabbitFault.IsFault(exception, cancellationToken))
            {
                throw TopologyFault.Explain(names.Turn, parts.Address, exception);
            }

            throw;
        }
    }

    // Who gives up between the two would leave it without a consumer, and so for as long as the connection lasts.
    private static Dictionary<string, object?> Arguments() => new() { ["x-expires"] = (long)Patience.TotalMilliseconds };

    // By another connection; by another channel of this one; or that has given it back just now, and the queue has gone with it.
    private static bool IsTaken(Exception exception) => exception is OperationInterruptedException { ShutdownReason: { } reason }
        && (reason.ReplyCode is Locked or RabbitFault.NotFound || (reason.ReplyCode == RabbitFault.AccessRefused && reason.ReplyText.Contains("exclusive use", StringComparison.Ordinal)));
}
