using Carillon.Transports;

namespace Carillon.RabbitMq.Transports.Internal;

/// <summary>Removes all queues of a subscription.</summary>
internal static class SubscriptionRemoval
{
    internal static async ValueTask<bool> RemoveAsync(TransportParts parts, string key, CancellationToken cancellationToken)
    {
        var names = QueueNames.Of(parts.Options.Exchange, key);
        var what = $"delete the subscription '{key}'";
        var channel = await parts.Link.OpenChannelAsync(what, options: null, cancellationToken).ConfigureAwait(false);
        await using (channel.ConfigureAwait(false))
        {
            try
            {
                // Quorum queues do not take "if it is not used" for a condition.
                if ((await channel.QueueDeclarePassiveAsync(names.Queue, cancellationToken).ConfigureAwait(false)).ConsumerCount > 0)
                {
                    throw new TransportException($"The subscription '{key}' cannot be deleted while somebody receives from it. Stop its receivers first.");
                }

                string[] queues = [names.Queue, names.Patterns, names.Dead, .. DelayStep.All.Select(names.Retry)];
                foreach (var queue in queues)
                {
                    // One that is not there is deleted already.
                    await channel.QueueDeleteAsync(queue, ifUnused: false, ifEmpty: false, cancellationToken: cancellationToken).ConfigureAwait(false);
                }

                return true;
            }
            catch (Exception exception) when (RabbitFault.IsNotFound(exception))
            {
                return false;
            }
            catch (Exception exception) when (RabbitFault.IsFault(exception, cancellationToken))
            {
                throw RabbitFault.Explain(what, parts.Address, exception);
            }
        }
    }
}
