using System.Text;
using Carillon.Transports;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;

namespace Carillon.RabbitMq.Transports.Internal;

/// <summary>Makes the queues of a subscription, and brings what they take up to date.</summary>
internal sealed class SubscriptionTopology(TransportParts parts, TransportSubscription subscription, string kind)
{
    private string Exchange => parts.Options.Exchange;

    /// <summary>For a subscription that begins: everything is declared, and the queue takes what is wanted now and nothing else.</summary>
    internal async ValueTask DeclareAsync(QueueNames names, string what, CancellationToken cancellationToken)
    {
        // One after the other: of two at once each could see a part of what was wanted before, and a queue that the broker is still making refuses what is put into it.
        var turn = subscription.Key is null ? null : await SubscriptionTurn.TakeAsync(parts, names, what, cancellationToken).ConfigureAwait(false);
        try
        {
            var channel = await parts.Link.OpenChannelAsync(what, options: null, cancellationToken).ConfigureAwait(false);
            await using (channel.ConfigureAwait(false))
            {
                await DeclareAsync(channel, names, hasTurn: turn is not null, cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            if (turn is not null)
            {
                await turn.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    private async ValueTask DeclareAsync(IChannel channel, QueueNames names, bool hasTurn, CancellationToken cancellationToken)
    {
        var declaring = names.Queue;
        try
        {
            if (subscription.Key is null)
            {
                var arguments = QueueArguments.Temporary(subscription.Ordered, parts.Options.MaxPriority);
                await channel.QueueDeclareAsync(names.Queue, durable: false, exclusive: true, autoDelete: true, arguments, cancellationToken: cancellationToken).ConfigureAwait(false);
                await BindAsync(channel, names, cancellationToken).ConfigureAwait(false);
                return;
            }

            await DeclareAsync(channel, names.Queue, QueueArguments.Durable(kind, subscription.Ordered, parts.Options.MaxPriority), cancellationToken).ConfigureAwait(false);
            declaring = names.Dead;
            await DeclareAsync(channel, names.Dead, QueueArguments.Beside(kind), cancellationToken).ConfigureAwait(false);
            declaring = names.Patterns;
            await DeclareAsync(channel, names.Patterns, QueueArguments.Beside(kind), cancellationToken).ConfigureAwait(false);
            declaring = names.Queue;
            var (last, before) = hasTurn ? await ReadAsync(channel, names, cancellationToken).ConfigureAwait(false) : (0, []);
            // Written before it is bound: what is bound is always known.
            await NoteAsync(names, cancellationToken).ConfigureAwait(false);
            await BindAsync(channel, names, cancellationToken).ConfigureAwait(false);
            if (last > 0)
            {
                await UnbindAsync(channel, names, before, cancellationToken).ConfigureAwait(false);
                // Not before: until then they are known to whoever comes should this end.
                await channel.BasicAckAsync(last, multiple: true, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception exception) when (RabbitFault.IsFault(exception, cancellationToken))
        {
            throw TopologyFault.Explain(declaring, parts.Address, exception);
        }
    }

    private static Task<QueueDeclareOk> DeclareAsync(IChannel channel, string queue, Dictionary<string, object?> arguments, CancellationToken cancellationToken) =>
        channel.QueueDeclareAsync(queue, durable: true, exclusive: false, autoDelete: false, arguments, cancellationToken: cancellationToken);

    private async ValueTask BindAsync(IChannel channel, QueueNames names, CancellationToken cancellationToken)
    {
        foreach (var pattern in subscription.Patterns)
        {
            await channel.QueueBindAsync(names.Queue, Exchange, pattern, cancellationToken: cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Takes the notes of what others have wanted before.</summary>
    private static async ValueTask<(ulong Last, HashSet<string> Patterns)> ReadAsync(IChannel channel, QueueNames names, CancellationToken cancellationToken)
    {
        ulong last = 0;
        var patterns = new HashSet<string>(StringComparer.Ordinal);
        while (await channel.BasicGetAsync(names.Patterns, autoAck: false, cancellationToken).ConfigureAwait(false) is { } note)
        {
            last = note.DeliveryTag;
            patterns.UnionWith(Encoding.UTF8.GetString(note.Body.Span).Split('\n'));
        }

        return (last, patterns);
    }

    private async ValueTask NoteAsync(QueueNames names, CancellationToken cancellationToken)
    {
        var properties = new BasicProperties { MessageId = Guid.CreateVersion7(parts.Time.GetUtcNow()).ToString("N"), DeliveryMode = DeliveryModes.Persistent, ContentType = "text/plain" };
        await parts.Publisher.PublishAsync(names.Patterns, properties, Encoding.UTF8.GetBytes(string.Join('\n', subscription.Patterns)), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Takes away what was wanted before and is not wanted now.</summary>
    private async ValueTask UnbindAsync(IChannel channel, QueueNames names, HashSet<string> unwanted, CancellationToken cancellationToken)
    {
        unwanted.ExceptWith(subscription.Patterns);
        foreach (var pattern in unwanted)
        {
            await channel.QueueUnbindAsync(names.Queue, Exchange, pattern, cancellationToken: cancellationToken).ConfigureAwait(false);
        }

        if (unwanted.Count > 0)
        {
            Log.Unbound(parts.Logger, names.Queue, string.Join(", ", unwanted));
        }
    }
}
