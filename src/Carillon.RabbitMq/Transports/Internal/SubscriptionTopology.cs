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
    internal async ValueTask DeclareAsync(IChannel channel, QueueNames names, CancellationToken cancellationToken)
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
            // Written before it is bound: what is bound is always known.
            var own = await NoteAsync(names, cancellationToken).ConfigureAwait(false);
            await BindAsync(channel, names, cancellationToken).ConfigureAwait(false);
            await UnbindAsync(channel, names, own, cancellationToken).ConfigureAwait(false);
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

    private async ValueTask<string> NoteAsync(QueueNames names, CancellationToken cancellationToken)
    {
        var own = Guid.CreateVersion7(parts.Time.GetUtcNow()).ToString("N");
        var properties = new BasicProperties { MessageId = own, DeliveryMode = DeliveryModes.Persistent, ContentType = "text/plain" };
        await parts.Publisher.PublishAsync(names.Patterns, properties, Encoding.UTF8.GetBytes(string.Join('\n', subscription.Patterns)), cancellationToken).ConfigureAwait(false);
        return own;
    }

    /// <summary>Takes away what others have wanted before. Who finds a note behind its own was not the last, and leaves all of it to whoever was.</summary>
    private async ValueTask UnbindAsync(IChannel channel, QueueNames names, string own, CancellationToken cancellationToken)
    {
        var notes = new List<BasicGetResult>();
        var unwanted = new HashSet<string>(StringComparer.Ordinal);
        while (await channel.BasicGetAsync(names.Patterns, autoAck: false, cancellationToken).ConfigureAwait(false) is { } note)
        {
            notes.Add(note);
            unwanted.UnionWith(Encoding.UTF8.GetString(note.Body.Span).Split('\n'));
        }

        if (notes.Count == 0)
        {
            return;
        }

        if (notes[^1].BasicProperties.MessageId != own)
        {
            await channel.BasicNackAsync(notes[^1].DeliveryTag, multiple: true, requeue: true, cancellationToken).ConfigureAwait(false);
            return;
        }

        unwanted.ExceptWith(subscription.Patterns);
        foreach (var pattern in unwanted)
        {
            await channel.QueueUnbindAsync(names.Queue, Exchange, pattern, cancellationToken: cancellationToken).ConfigureAwait(false);
        }

        if (unwanted.Count > 0)
        {
            Log.Unbound(parts.Logger, names.Queue, string.Join(", ", unwanted));
        }

        await channel.BasicNackAsync(notes[^1].DeliveryTag, multiple: false, requeue: true, cancellationToken).ConfigureAwait(false);
        if (notes.Count > 1)
        {
            await channel.BasicAckAsync(notes[^2].DeliveryTag, multiple: true, cancellationToken).ConfigureAwait(false);
        }
    }
}
