using Carillon.Transports;
using RabbitMQ.Client;

namespace Carillon.RabbitMq.Transports.Internal;

/// <summary>A channel that confirms, with what was sent on it. Lives until it is closed; what is sent afterwards is sent on another one.</summary>
#pragma warning disable CA1001 // What could be disposed of is a table that is walked through again and again, and holds nothing.
internal sealed class PublishChannel(IConnection connection, IChannel channel, int windowSize)
#pragma warning restore CA1001
{
    // One message is written at a time, and is bytes when the client begins to wait: these can serve all of them.
    private readonly EventHeaderTable _headers = new();
    private readonly BasicProperties _properties = new() { DeliveryMode = DeliveryModes.Persistent };

    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal IConnection Connection => connection;

    internal IChannel Channel => channel;

    internal ConfirmWindow Window { get; } = new(windowSize);

    internal bool IsEnded => _ended.Task.IsCompleted;

    /// <summary>Nothing is confirmed on this channel any more.</summary>
    internal void End() => _ended.TrySetResult();

    /// <summary>Completes when a write has, or the channel has ended: the client may leave a write hanging that was under way when its connection was lost.</summary>
    internal async ValueTask WaitAsync(ValueTask writing)
    {
        var task = writing.AsTask();
        await Task.WhenAny(task, _ended.Task).ConfigureAwait(false);
        if (task.IsCompleted)
        {
            await task.ConfigureAwait(false);
            return;
        }

        throw new TransportException("the connection was lost while it was written.");
    }

    /// <summary>Writes a message. It is to have its place in the window already: its confirmation can be there before this returns.</summary>
    internal ValueTask SendAsync(PendingPublish pending)
    {
        if (pending.Event is not { } outgoing)
        {
            return channel.BasicPublishAsync(pending.Exchange, pending.RoutingKey, mandatory: true, pending.Properties!, pending.Body, CancellationToken.None);
        }

        _headers.Set(outgoing.Headers, MessageFault.KeyOf(outgoing));
        _properties.Headers = _headers;
        _properties.ContentType = outgoing.ContentType;
        _properties.MessageId = pending.MessageId;
        if (pending.Priority is { } priority)
        {
            _properties.Priority = priority;
        }

        return channel.BasicPublishAsync(pending.Exchange, pending.RoutingKey, mandatory: true, _properties, pending.Body, CancellationToken.None);
    }
}
