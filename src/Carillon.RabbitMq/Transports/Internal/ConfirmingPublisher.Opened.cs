using Carillon.Transports;
using RabbitMQ.Client;

namespace Carillon.RabbitMq.Transports.Internal;

// How there comes to be a channel.
internal sealed partial class ConfirmingPublisher
{
    /// <summary>Opens the channel, so that what is wrong is known before the first event.</summary>
    /// <exception cref="TransportException">The broker cannot be reached, or refuses the exchange.</exception>
    internal async ValueTask PrepareAsync(CancellationToken cancellationToken) =>
        await AdoptAsync(await OpenAsync(cancellationToken).ConfigureAwait(false)).ConfigureAwait(false);

    private async Task ReopenAsync()
    {
        for (var failures = 1; !_closing.IsCancellationRequested; failures++)
        {
            try
            {
                await AdoptAsync(await OpenAsync(_closing.Token).ConfigureAwait(false)).ConfigureAwait(false);
                // Not before this is seen as completed: it could be lost again by then.
                _ = Task.Run(Write);
                return;
            }
#pragma warning disable CA1031 // Tried again until the transport is closed; whoever waits is told when its time is over.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                if (_closing.IsCancellationRequested)
                {
                    return;
                }

                _lastFault = exception;
                var delay = BackOff.After(failures);
                Log.NotConnected(_logger, _link.Address.Description, _link.Purpose, delay, exception);
                await Task.Delay(delay, _time, _closing.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async ValueTask<PublishChannel> OpenAsync(CancellationToken cancellationToken)
    {
        var (connection, channel) = await _link.OpenAsync("publish", new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: false), cancellationToken)
            .ConfigureAwait(false);
        try
        {
            await channel.ExchangeDeclareAsync(_options.Exchange, ExchangeType.Topic, durable: true, cancellationToken: cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            _ = CloseAsync(channel);
            if (RabbitFault.IsFault(exception, cancellationToken))
            {
                throw TopologyFault.Explain(_options.Exchange, _link.Address, exception);
            }

            throw;
        }

        var opened = new PublishChannel(connection, channel, _options.MaxUnconfirmed);
        channel.BasicAcksAsync += (_, confirmed) => Confirm(opened, confirmed.DeliveryTag, confirmed.Multiple, isRefused: false);
        channel.BasicNacksAsync += (_, refused) => Confirm(opened, refused.DeliveryTag, refused.Multiple, isRefused: true);
        channel.BasicReturnAsync += (_, returned) => Return(opened, returned);
        channel.ChannelShutdownAsync += (_, reason) => EndAsync(opened, reason);
        return opened;
    }

    /// <summary>It is published on from now on, unless there is one already: two that publish at once would each be watched by nobody but itself.</summary>
    private async ValueTask AdoptAsync(PublishChannel opened)
    {
        lock (_gate)
        {
            if (_channel is null && !opened.IsEnded && opened.Channel.IsOpen)
            {
                _channel = opened;
                _lastFault = null;
                return;
            }

            if (_channel is null)
            {
                throw new TransportException($"Could not publish at {_link.Address.Description}: the channel was closed again at once.");
            }
        }

        await CloseAsync(opened.Channel).ConfigureAwait(false);
    }
}
