using Carillon.Transports;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Carillon.RabbitMq.Transports.Internal;

/// <summary>Publishes, many messages at once over one channel, each of which is done when the broker has confirmed it.</summary>
/// <remarks>
/// <para>
/// The confirmations are counted here and not by the client, whose own count costs an entry of a dictionary, a task and a header for each message. Whoever finds nobody
/// writing writes: its own message and those that came meanwhile. So a single one leaves at once on its caller's thread, and under load there is no lock to wait for.
/// </para>
/// <para>The window is bounded by number and by time: what takes too long fails, and with it its connection, unless the broker has said that it blocks and nothing hangs but its answers.</para>
/// </remarks>
/// <threadsafety>Safe for concurrent use.</threadsafety>
internal sealed partial class ConfirmingPublisher : IAsyncDisposable
{
    // So many a caller writes for others before it hands that on.
    private const int MaxForOthers = 64;

    private readonly BrokerLink _link;
    private readonly RabbitMqOptions _options;
    private readonly RabbitInstruments _instruments;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Lock _gate = new();
    private readonly Queue<PendingPublish> _waiting = new();
    private readonly List<PendingPublish> _confirmed = [];
    private readonly CancellationTokenSource _closing = new();
    private readonly ITimer _watch;
    private PublishChannel? _channel;
    private Task _opening = Task.CompletedTask;
    private Exception? _lastFault;

    // Since when the broker takes events.
    private long _takesSince;

    private bool _isWriting;

    internal ConfirmingPublisher(BrokerLink link, RabbitMqOptions options, RabbitInstruments instruments, TimeProvider time, ILogger logger)
    {
        (_link, _options, _instruments, _time, _logger) = (link, options, instruments, time, logger);
        link.BlockedChanged += BlockedChanged;
        link.ConnectionEnded += ConnectionEnded;
        var pace = TimeSpan.FromTicks(Math.Min(options.PublishTimeout.Ticks / 4, TimeSpan.TicksPerSecond));
        _watch = time.CreateTimer(static state => ((ConfirmingPublisher)state!).FailOverdue(), this, pace, pace);
    }

    internal int Unconfirmed
    {
        get
        {
            lock (_gate)
            {
                return _channel?.Window.Count ?? 0;
            }
        }
    }

    /// <remarks>What cannot be published is found here and fails alone. Once it has a place among others, what the client or the broker refuses costs the channel, and with it all that is on its way.</remarks>
    internal ValueTask<PublishResult> PublishAsync(OutgoingEvent outgoing, CancellationToken cancellationToken)
    {
        byte? priority;
        try
        {
            priority = _options.PriorityOf?.Invoke(outgoing);
        }
#pragma warning disable CA1031 // It is the application's: whatever it throws is told to whoever publishes this event.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            return Unpublishable(MessageFault.Name(outgoing), $"RabbitMqOptions.PriorityOf has thrown: {exception.Message.TrimEnd('.')}. Mend it: it is to give each event a priority.", exception);
        }

        return MessageFault.Find(outgoing, _link.FrameMax) is { } fault
            ? Unpublishable(MessageFault.Name(outgoing), fault)
            : PublishAsync(PendingPublish.Of(_options.Exchange, outgoing, priority, _time.GetTimestamp()), cancellationToken);
    }

    /// <summary>A message of the transport's own, to one queue.</summary>
    internal ValueTask<PublishResult> PublishAsync(string queue, BasicProperties properties, ReadOnlyMemory<byte> body, CancellationToken cancellationToken) =>
        MessageFault.Find(properties, _link.FrameMax) is { } fault
            ? Unpublishable(MessageFault.Name(queue), fault)
            : PublishAsync(PendingPublish.Of(queue, properties, body, _time.GetTimestamp()), cancellationToken);

    /// <summary>Its caller waits no longer.</summary>
    internal void Cancel(PendingPublish pending)
    {
        lock (_gate)
        {
            if (pending.State == PublishState.Sending)
            {
                pending.IsCancelRequested = true;
            }
            else if (pending.State != PublishState.Done)
            {
                pending.Fail(new OperationCanceledException(pending.Cancellation), keepsPlace: true);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        _link.BlockedChanged -= BlockedChanged;
        _link.ConnectionEnded -= ConnectionEnded;
        await _closing.CancelAsync().ConfigureAwait(false);
        await _watch.DisposeAsync().ConfigureAwait(false);
        Task opening;
        lock (_gate)
        {
            opening = _opening;
        }

        await opening.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Lose(_channel, "the application has closed the transport.");
        lock (_gate)
        {
            FailWaiting(long.MaxValue, static () => "the application has closed the transport. It was not sent.");
        }
    }

    private ValueTask<PublishResult> Unpublishable(string what, string why, Exception? cause = null) =>
        ValueTask.FromException<PublishResult>(new TransportException($"{what} cannot be published at {_link.Address.Description}: {why}", cause));

    private ValueTask<PublishResult> PublishAsync(PendingPublish pending, CancellationToken cancellationToken)
    {
        pending.Listen(this, cancellationToken);
        var task = pending.Task;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_closing.IsCancellationRequested, typeof(RabbitMqTransport));
            _waiting.Enqueue(pending);
        }

        Write();
        return task;
    }

    /// <summary>Writes what waits, unless somebody does.</summary>
    private void Write()
    {
        lock (_gate)
        {
            if (_isWriting || !CanWrite())
            {
                return;
            }

            _isWriting = true;
        }

        _ = WriteAsync(MaxForOthers);
    }

    private bool CanWrite()
    {
        while (_waiting.TryPeek(out var next) && next.State == PublishState.Done)
        {
            _waiting.Dequeue();
        }

        if (_waiting.Count == 0 || _link.BlockedReason is not null)
        {
            return false;
        }

        if (_channel is null)
        {
            if (_opening.IsCompleted && !_closing.IsCancellationRequested)
            {
                _opening = Task.Run(ReopenAsync);
            }

            return false;
        }

        return !_channel.Window.IsFull;
    }

    private async Task WriteAsync(int most)
    {
        for (var written = 0; written < most; written++)
        {
            PendingPublish next;
            PublishChannel channel;
            lock (_gate)
            {
                if (!CanWrite())
                {
                    _isWriting = false;
                    return;
                }

                channel = _channel!;
                next = _waiting.Dequeue();
                next.State = PublishState.Sending;
                channel.Window.Add(next);
            }

            try
            {
                var writing = channel.SendAsync(next);
                if (!writing.IsCompletedSuccessfully)
                {
                    await channel.WaitAsync(writing).ConfigureAwait(false);
                }
            }
#pragma warning disable CA1031 // Whatever it is, the count of this channel is not to be trusted any more, and whoever waits is told.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                Lose(channel, exception is OperationCanceledException ? "the client gave up." : exception.Message);
                _ = CloseAsync(channel.Channel);
            }

            lock (_gate)
            {
                if (next.State == PublishState.Sending)
                {
                    next.State = PublishState.Sent;
                    if (next.IsCancelRequested)
                    {
                        next.Fail(new OperationCanceledException(next.Cancellation), keepsPlace: true);
                    }
                }
            }
        }

        // Not for ever in the place of a caller who has its own things to do.
        _ = Task.Run(() => WriteAsync(int.MaxValue));
    }

    private Task Confirm(PublishChannel channel, ulong number, bool multiple, bool isRefused)
    {
        bool waits;
        lock (_gate)
        {
            channel.Window.Confirm(number, multiple, _confirmed);
            foreach (var pending in _confirmed)
            {
                if (pending.State == PublishState.Done)
                {
                    continue;
                }

                if (_instruments.MeasuresConfirms)
                {
                    _instruments.Confirmed(_time.GetElapsedTime(pending.Since));
                }

                if (isRefused)
                {
                    pending.Fail(NotConfirmed(pending, "the broker has refused it; a queue that takes it is full, or not available. See the broker's log."), keepsPlace: false);
                }
                else
                {
                    pending.Answer();
                }
            }

            _confirmed.Clear();
            waits = _waiting.Count > 0 && !_isWriting;
        }

        if (waits)
        {
            // The thread that reads from the broker must not wait for one that writes to it.
            ThreadPool.UnsafeQueueUserWorkItem(static publisher => publisher.Write(), this, preferLocal: false);
        }

        return Task.CompletedTask;
    }

    private Task Return(PublishChannel channel, BasicReturnEventArgs returned)
    {
        lock (_gate)
        {
            channel.Window.Return(returned.Exchange, returned.RoutingKey, returned.BasicProperties.MessageId ?? "");
        }

        return Task.CompletedTask;
    }
}
