using Carillon.Transports;

namespace Carillon.RabbitMq.Transports.Internal;

// What takes too long, and what is said of it.
internal sealed partial class ConfirmingPublisher
{
    private void BlockedChanged()
    {
        if (_link.BlockedReason is null)
        {
            lock (_gate)
            {
                _takesSince = _time.GetTimestamp();
            }
        }

        Write();
    }

    private void FailOverdue()
    {
        PublishChannel? stuck = null;
        string why;
        lock (_gate)
        {
            var limit = _time.GetTimestamp() - (long)(_options.PublishTimeout.TotalSeconds * _time.TimestampFrequency);
            why = WhyNot("See its log, and whether it is short of memory or disk");
            FailWaiting(limit, () => $"it could not be sent within {_options.PublishTimeout}. {WhyNot("Too many others wait for their confirmation")}");
            foreach (var pending in _channel?.Window.Before(limit) ?? [])
            {
                if (pending.State == PublishState.Sending)
                {
                    // Fails with its connection, and does so while the broker blocks too: the client waits with a write for as long as nobody reads from the wire.
                    stuck = _channel;
                }
                else if (pending.State == PublishState.Sent)
                {
                    pending.Fail(NotConfirmed(pending, $"the broker has not confirmed it within {_options.PublishTimeout}. {why}"), keepsPlace: true);
                }
            }

            // By the place and not by who waits for it: all may have given up, and what comes behind them waits all the same. What was held up until the broker took events again has its time from then on.
            if (_link.BlockedReason is null && _takesSince <= limit && _channel?.Window.Oldest?.Since <= limit)
            {
                stuck ??= _channel;
            }
        }

        if (stuck is not null)
        {
            // The connection too: it has no other use, and one on which nothing moves would not let a new channel through.
            Lose(stuck, $"nothing was confirmed within {_options.PublishTimeout}. {why}");
            _link.Abandon(stuck.Connection, $"nothing was confirmed within {_options.PublishTimeout}.");
        }
    }

    private void FailWaiting(long limit, Func<string> why)
    {
        while (_waiting.TryPeek(out var next) && (next.State == PublishState.Done || next.Since <= limit))
        {
            _waiting.Dequeue();
            if (next.State != PublishState.Done)
            {
                next.Fail(NotConfirmed(next, why()), keepsPlace: false);
            }
        }
    }

    private string WhyNot(string otherwise) => this switch
    {
        { _link.BlockedReason: { } reason } => $"The broker blocks: {reason}. Give it memory or disk, or have its queues emptied.",
        { _lastFault: { } fault } => fault.Message,
        { _channel: null } => "There is no connection.",
        _ => $"{otherwise}.",
    };

    private TransportException NotConfirmed(PendingPublish pending, string why) =>
        new($"{(pending.Event is { } outgoing ? $"'{outgoing.EventName}' {outgoing.Id}" : $"A message to the queue '{pending.RoutingKey}'")} was not confirmed by {_link.Address.Description}: {why}");
}
