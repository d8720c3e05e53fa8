using System.Threading.Channels;
using Carillon.Listeners;
using Carillon.Waiting.Internal;

namespace Carillon.Waiting;

/// <summary>Events as they are dispatched, for one reader. From <see cref="IEventWaiter.ReadEventsAsync{TEvent}"/>.</summary>
/// <typeparam name="TEvent">The event, a base class or an interface.</typeparam>
/// <threadsafety>Any thread may dispose it; one at a time reads.</threadsafety>
public sealed class EventStream<TEvent> : IAsyncEnumerable<TEvent>, IDisposable
    where TEvent : notnull
{
    private readonly Channel<TEvent> _events;
    private readonly EventStreamOptions _options;
    private readonly IDisposable? _registration;
    private readonly CancellationTokenRegistration _cancellation;
    private long _dropped;
    private int _readers;
    private bool _ended;

    internal EventStream(IListenerRegistry registry, EventStreamOptions options, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Capacity, 1, "EventStreamOptions.Capacity");
        _options = options;
        _events = Channel.CreateBounded<TEvent>(
            new BoundedChannelOptions(options.Capacity) { FullMode = Mode(options.WhenFull), SingleReader = true }, _ => Interlocked.Increment(ref _dropped));
        _registration = registry.Until(cancellationToken).Add(LastListener.Of<TEvent>("stream", CollectAsync));

        // An event that comes before this line can already have ended the stream, which then had no registration to take back.
        Interlocked.MemoryBarrier();
        if (_ended)
        {
            _registration.Dispose();
        }

        _cancellation = cancellationToken.UnsafeRegister(
            static (stream, token) => ((EventStream<TEvent>)stream!).End(new OperationCanceledException(token)), this);
    }

    /// <summary>How many events were dropped because the stream was full.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>Reads the events. A stream is read once.</summary>
    /// <param name="cancellationToken">Ends the reading at once.</param>
    /// <exception cref="InvalidOperationException">Somebody reads the stream already, or has read it.</exception>
    public IAsyncEnumerator<TEvent> GetAsyncEnumerator(CancellationToken cancellationToken = default) =>
        Interlocked.Increment(ref _readers) == 1
            ? new Reader(this, cancellationToken)
            : throw new InvalidOperationException(
                $"The stream of '{typeof(TEvent)}' is read a second time, but each event is read once. Call ReadEventsAsync for each reader.");

    /// <summary>Ends the stream: nothing listens any more, and whoever waits for the next event is told that there is none.</summary>
    public void Dispose() => End(error: null);

    private void End(Exception? error)
    {
        _ended = true;
        Interlocked.MemoryBarrier();
        _registration?.Dispose();
        _events.Writer.TryComplete(error);
        _cancellation.Unregister();
    }

    private ValueTask CollectAsync(TEvent @event, CancellationToken cancellationToken)
    {
        if (_events.Writer.TryWrite(@event))
        {
            return ValueTask.CompletedTask;
        }

        if (_options.WhenFull == WhenFull.Fail)
        {
            End(new CarillonException(
                $"The stream of '{typeof(TEvent)}' is full: {_options.Capacity} events wait to be read, and one more has come. Read faster, raise "
                + "EventStreamOptions.Capacity, or let the emitter wait with WhenFull.Wait."));
            return ValueTask.CompletedTask;
        }

        return WaitForRoomAsync(@event, cancellationToken);
    }

    private async ValueTask WaitForRoomAsync(TEvent @event, CancellationToken cancellationToken)
    {
        try
        {
            while (await _events.Writer.WaitToWriteAsync(cancellationToken).ConfigureAwait(false))
            {
                if (_events.Writer.TryWrite(@event))
                {
                    return;
                }
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The reader has given up, which is the end of the stream and nothing to the emitter.
        }
    }

    private static BoundedChannelFullMode Mode(WhenFull whenFull) => whenFull switch
    {
        WhenFull.Wait or WhenFull.Fail => BoundedChannelFullMode.Wait,
        WhenFull.DropOldest => BoundedChannelFullMode.DropOldest,
        WhenFull.DropNewest => BoundedChannelFullMode.DropWrite,
        _ => throw new ArgumentOutOfRangeException(nameof(whenFull), whenFull, "There is no such way to go on: see EventStreamOptions.WhenFull."),
    };

    private sealed class Reader(EventStream<TEvent> stream, CancellationToken cancellationToken) : IAsyncEnumerator<TEvent>
    {
        public TEvent Current { get; private set; } = default!;

        public async ValueTask<bool> MoveNextAsync()
        {
            var events = stream._events.Reader;
            while (await events.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
            {
                if (events.TryRead(out var next))
                {
                    Current = next;
                    return true;
                }
            }

            return false;
        }

        public ValueTask DisposeAsync()
        {
            stream.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
