using System.Globalization;
using Carillon.Postgres.Deliveries.Internal;
using Carillon.Transports.Internal;
using Microsoft.Extensions.Logging;

namespace Carillon.Postgres.Transports.Internal;

/// <summary>Which subscriptions have something new: told to the receivers of this process at once, and to other processes when the last notification is out.</summary>
/// <threadsafety>Safe for concurrent use.</threadsafety>
internal sealed class Notices : IAsyncDisposable
{
    // More do not go into one notification; without a number everybody looks.
    private const int MaxTold = 200;

    private readonly Lock _gate = new();
    private readonly Dictionary<long, HashSet<Signal>> _receivers = [];
    private readonly HashSet<long> _untold = [];
    private readonly NotificationSender? _sender;
    private readonly Func<NotificationListener>? _listen;
    private NotificationListener? _listener;

    internal Notices(PostgresConnections connections, PostgresLocation location, PostgresTransportOptions options, TimeProvider time, ILogger logger)
    {
        if (options.UseNotifications)
        {
            var channel = $"{location.Schema}_transport";
            var sender = _sender = new NotificationSender(connections, channel, time, TakeUntold);
            _listen = () => new NotificationListener(connections, location, channel, sender, time, logger, Hear);
        }
    }

    /// <summary>From now on the signal is set when the subscription may have something new.</summary>
    internal async ValueTask AddAsync(long subscription, Signal receiver)
    {
        Task? started;
        lock (_gate)
        {
            if (!_receivers.TryGetValue(subscription, out var all))
            {
                _receivers.Add(subscription, all = []);
            }

            all.Add(receiver);
            started = (_listener ??= _listen?.Invoke())?.Started;
        }

        if (started is not null)
        {
            await started.ConfigureAwait(false);
        }
    }

    internal void Remove(long subscription, Signal receiver)
    {
        lock (_gate)
        {
            if (_receivers.TryGetValue(subscription, out var all) && all.Remove(receiver) && all.Count == 0)
            {
                _receivers.Remove(subscription);
            }
        }
    }

    internal void Announce(IEnumerable<long> subscriptions)
    {
        var any = false;
        lock (_gate)
        {
            foreach (var subscription in subscriptions)
            {
                any = true;
                Wake(subscription);
                if (_sender is not null)
                {
                    _untold.Add(subscription);
                }
            }
        }

        if (any)
        {
            _sender?.Announce();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_listener is { } listener)
        {
            await listener.DisposeAsync().ConfigureAwait(false);
        }

        if (_sender is { } sender)
        {
            await sender.DisposeAsync().ConfigureAwait(false);
        }
    }

    private void Hear(string told)
    {
        lock (_gate)
        {
            if (told.Length == 0)
            {
                foreach (var subscription in _receivers.Keys)
                {
                    Wake(subscription);
                }

                return;
            }

            foreach (var each in told.Split(','))
            {
                if (long.TryParse(each, NumberStyles.None, CultureInfo.InvariantCulture, out var subscription))
                {
                    Wake(subscription);
                }
            }
        }
    }

    private void Wake(long subscription)
    {
        foreach (var receiver in _receivers.GetValueOrDefault(subscription) ?? [])
        {
            receiver.Set();
        }
    }

    private string TakeUntold()
    {
        lock (_gate)
        {
            var told = _untold.Count <= MaxTold ? string.Join(',', _untold.Select(static each => each.ToString(CultureInfo.InvariantCulture))) : string.Empty;
            _untold.Clear();
            return told;
        }
    }
}
