using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Carillon.RabbitMq.Transports.Internal;

// What becomes of a channel, or a connection, that is no more.
internal sealed partial class ConfirmingPublisher
{
    private Task EndAsync(PublishChannel channel, ShutdownEventArgs reason)
    {
        // Of a connection that is lost, its channels need not be told one by one.
        if (_link.IsOpen && reason.Initiator != ShutdownInitiator.Application)
        {
            Log.ChannelClosed(_logger, _link.Address.Description, _link.Purpose, RabbitFault.Answer(reason));
        }

        Lose(channel, RabbitFault.Answer(reason));
        return Task.CompletedTask;
    }

    // Not only by its channel: a write that hangs in the client can keep that from being told.
    private void ConnectionEnded(IConnection connection, ShutdownEventArgs reason)
    {
        PublishChannel? channel;
        lock (_gate)
        {
            channel = _channel;
        }

        if (channel?.Connection == connection)
        {
            Lose(channel, RabbitFault.Answer(reason));
        }
    }

    /// <summary>What was sent and is not confirmed has failed; what waits, waits for the next channel.</summary>
    private void Lose(PublishChannel? channel, string why)
    {
        lock (_gate)
        {
            if (channel is null)
            {
                return;
            }

            if (_channel == channel)
            {
                _channel = null;
            }

            channel.End();

            channel.Window.TakeAll(_confirmed);
            foreach (var pending in _confirmed)
            {
                if (pending.State != PublishState.Done)
                {
                    pending.Fail(NotConfirmed(pending, $"{why} Whether the broker has it is not known; published again it has the same id"), keepsPlace: true);
                }
            }

            _confirmed.Clear();
        }

        ThreadPool.UnsafeQueueUserWorkItem(static publisher => publisher.Write(), this, preferLocal: false);
    }

    private static async Task CloseAsync(IChannel channel)
    {
        try
        {
            await channel.DisposeAsync().ConfigureAwait(false);
        }
#pragma warning disable CA1031 // A channel that cannot be closed is closed.
        catch (Exception)
#pragma warning restore CA1031
        {
        }
    }
}
