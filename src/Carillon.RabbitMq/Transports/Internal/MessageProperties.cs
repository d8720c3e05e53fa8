using RabbitMQ.Client;

namespace Carillon.RabbitMq.Transports.Internal;

/// <summary>The properties of a message that the transport sends on: to come again, to the dead letters, or back from there.</summary>
internal static class MessageProperties
{
    private const string DirectReply = "amq.rabbitmq.reply-to";

    /// <summary>Those with which it came, without what the client cannot write again, and what would make the broker refuse it, lose it or give it to others.</summary>
    internal static BasicProperties Copy(IReadOnlyBasicProperties from)
    {
        var copy = new BasicProperties { DeliveryMode = DeliveryModes.Persistent, Headers = new Dictionary<string, object?>(StringComparer.Ordinal) };
        if (from.IsContentTypePresent() && IsShort(from.ContentType))
        {
            copy.ContentType = from.ContentType;
        }

        if (from.IsContentEncodingPresent() && IsShort(from.ContentEncoding))
        {
            copy.ContentEncoding = from.ContentEncoding;
        }

        if (from.IsPriorityPresent())
        {
            copy.Priority = from.Priority;
        }

        if (from.IsCorrelationIdPresent() && IsShort(from.CorrelationId))
        {
            copy.CorrelationId = from.CorrelationId;
        }

        // The address for a direct reply is refused from anybody but who waits for it.
        if (from.IsReplyToPresent() && IsShort(from.ReplyTo) && from.ReplyTo?.StartsWith(DirectReply, StringComparison.Ordinal) == false)
        {
            copy.ReplyTo = from.ReplyTo;
        }

        if (from.IsMessageIdPresent() && IsShort(from.MessageId))
        {
            copy.MessageId = from.MessageId;
        }

        if (from.IsTimestampPresent())
        {
            copy.Timestamp = from.Timestamp;
        }

        if (from.IsTypePresent() && IsShort(from.Type))
        {
            copy.Type = from.Type;
        }

        if (from.IsAppIdPresent() && IsShort(from.AppId))
        {
            copy.AppId = from.AppId;
        }

        // Not its time to live, which would end among the dead letters, and not its user, which has to be ours.
        foreach (var (name, value) in from.Headers ?? new Dictionary<string, object?>())
        {
            if (!OwnHeaders.IsOwn(name) && !OwnHeaders.IsOfTheBroker(name) && IsWritable(name, value))
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

    // What is no text is read as three bytes for each of its bytes, and can be too long to be written again.
    private static bool IsShort(string? text) => text is null || MessageFault.IsShort(text);

    private static bool IsWritable(string name, object? value) => MessageFault.IsShort(name)
        && (value is null or string or byte[] or ValueType || MessageFault.CannotWrite(new BasicProperties { Headers = new Dictionary<string, object?> { [name] = value } }) is null);
}
