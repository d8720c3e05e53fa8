using RabbitMQ.Client;

namespace Carillon.RabbitMq.Transports.Internal;

/// <summary>The properties of a message that the transport sends on: to come again, to the dead letters, or back from there.</summary>
internal static class MessageProperties
{
    private const string DirectReply = "amq.rabbitmq.reply-to";

    /// <summary>Those with which it came, without what would make the broker refuse it, lose it or give it to others.</summary>
    internal static BasicProperties Copy(IReadOnlyBasicProperties from)
    {
        var copy = new BasicProperties { DeliveryMode = DeliveryModes.Persistent, Headers = new Dictionary<string, object?>(StringComparer.Ordinal) };
        if (from.IsContentTypePresent())
        {
            copy.ContentType = from.ContentType;
        }

        if (from.IsContentEncodingPresent())
        {
            copy.ContentEncoding = from.ContentEncoding;
        }

        if (from.IsPriorityPresent())
        {
            copy.Priority = from.Priority;
        }

        if (from.IsCorrelationIdPresent())
        {
            copy.CorrelationId = from.CorrelationId;
        }

        // The address for a direct reply is refused from anybody but who waits for it.
        if (from.IsReplyToPresent() && from.ReplyTo?.StartsWith(DirectReply, StringComparison.Ordinal) == false)
        {
            copy.ReplyTo = from.ReplyTo;
        }

        if (from.IsMessageIdPresent())
        {
            copy.MessageId = from.MessageId;
        }

        if (from.IsTimestampPresent())
        {
            copy.Timestamp = from.Timestamp;
        }

        if (from.IsTypePresent())
        {
            copy.Type = from.Type;
        }

        if (from.IsAppIdPresent())
        {
            copy.AppId = from.AppId;
        }

        // Not its time to live, which would end among the dead letters, and not its user, which has to be ours.
        foreach (var (name, value) in from.Headers ?? new Dictionary<string, object?>())
        {
            if (!OwnHeaders.IsOwn(name) && !OwnHeaders.IsOfTheBroker(name))
            {
                copy.Headers[name] = value;
            }
        }

        if (IncomingHeaders.Find(from.Headers, OwnHeaders.Key) is { } key)
        {
            copy.Headers[OwnHeaders.Key] = key;
        }

        return copy;
    }
}
