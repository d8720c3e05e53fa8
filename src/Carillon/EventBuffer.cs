using Carillon.Diagnostics.Internal;
using Carillon.Dispatch.Internal;
using Carillon.Operations;

namespace Carillon;

/// <summary>A block in which events wait: what is dispatched in its scope is kept, and reaches its listeners when the block is flushed.</summary>
/// <remarks>
/// <para>
/// Open one with <see cref="EventBufferExtensions.Defer"/> in a <c>using</c>, and end it with <see cref="FlushAsync"/>. What was not flushed when the block is
/// disposed, as after an exception, is dropped. Blocks may stand in one another: the inner one's events run at its end.
/// </para>
/// <para>
/// A call that returns what listeners answer cannot wait: it runs at once. Nor can what comes before an operation. An emit by name waits, and says at once whether
/// anybody will listen.
/// </para>
/// </remarks>
/// <threadsafety>Belongs to one scope, and like it to one flow of work at a time.</threadsafety>
public sealed class EventBuffer : IDisposable
{
    private readonly EventDispatcher _dispatcher;
    private readonly EventBuffer? _outer;
    private readonly Type[] _eventTypes;
    private readonly List<WaitingEvent> _waiting = [];
    private WaitingEvent? _running;
    private bool _isOpen = true;

    internal EventBuffer(EventDispatcher dispatcher, Type[] eventTypes)
    {
        _dispatcher = dispatcher;
        _eventTypes = eventTypes;
        _outer = dispatcher.Buffer;
        dispatcher.Buffer = this;
    }

    /// <summary>How many events wait.</summary>
    public int Count => _running is null && _isOpen ? _waiting.Count : 0;

    /// <summary>Ends the block and dispatches what waits, in the order in which it was dispatched first.</summary>
    /// <param name="cancellationToken">Handed to every inline listener, in place of that of the first dispatch.</param>
    /// <returns>The events, with those that listeners dispatched meanwhile: they run in the same flush, after the others. Nothing if it was flushed already.</returns>
    /// <exception cref="InvalidOperationException">A block that was opened inside this one is open still.</exception>
    /// <exception cref="CarillonException">The listeners dispatched in a circle: an event led to another one, that to a third, and so on beyond the limit.</exception>
    /// <remarks>An exception of a listener reaches the caller unchanged, and the events after it are dropped.</remarks>
    public async ValueTask<IReadOnlyList<object>> FlushAsync(CancellationToken cancellationToken = default)
    {
        if (!_isOpen || _running is not null)
        {
            return [];
        }

        if (_dispatcher.Buffer != this)
        {
            throw new InvalidOperationException(
                "A block that was opened inside this one, with Defer, is open still. Flush or dispose it first: its events run before those of the outer block.");
        }

        try
        {
            // The list grows meanwhile.
            var flushed = new List<object>(_waiting.Count);
            for (var index = 0; index < _waiting.Count; index++)
            {
                _running = _waiting[index];
                flushed.Add(_running.Event);
                await DispatchAsync(_running, cancellationToken).ConfigureAwait(false);
            }

            return flushed;
        }
        finally
        {
            Discard();
        }
    }

    /// <summary>Ends the block and drops what waits, without a word. Harmless when it has ended already.</summary>
    public void Discard()
    {
        _isOpen = false;
        _running = null;
        _waiting.Clear();
        // Whatever order blocks end in, the scope goes on with the innermost one that is open.
        while (_dispatcher.Buffer is { _isOpen: false } ended)
        {
            _dispatcher.Buffer = ended._outer;
        }
    }

    /// <summary>Drops what was not flushed, and says so in the log.</summary>
    public void Dispose()
    {
        if (Count > 0)
        {
            Log.DroppedWithoutFlush(Loggers.Of(_dispatcher.Services).Dispatch, Count, _waiting[0].Event.GetType());
        }

        Discard();
    }

    /// <summary>Whether the event waits now; if not, it is dispatched at once.</summary>
    internal bool TryTake(object @event, DeliveryOptions? options = null)
    {
        if (!_isOpen || !IsMeant(@event))
        {
            return _outer?.TryTake(@event, options) ?? false;
        }

        _waiting.Add(new WaitingEvent(@event, Cause, options));
        return true;
    }

    /// <summary>Drops those that came after so many: what they tell of was rolled back.</summary>
    internal void KeepFirst(int count)
    {
        if (_running is null && _waiting.Count > count)
        {
            _waiting.RemoveRange(count, _waiting.Count - count);
        }
    }

    private ValueTask DispatchAsync(WaitingEvent waiting, CancellationToken cancellationToken) =>
        waiting.Options is { } options
            ? _dispatcher.DispatchNowAsync(waiting.Event, options, cancellationToken)
            : _dispatcher.DispatchNowAsync(waiting.Event, cancellationToken);

    // What a listener dispatches in a block of its own is caused by the event that this listener was called for.
    private WaitingEvent? Cause => _running ?? _outer?.Cause;

    private bool IsMeant(object @event)
    {
        // What is emitted by a name is its payload as well. A question cannot wait: the work that it is about runs next.
        var payload = @event is NamedEvent named ? named.Payload : null;
        if ((payload ?? @event) is BeforeOperation)
        {
            return false;
        }

        foreach (var type in _eventTypes)
        {
            if (type.IsInstanceOfType(@event) || type.IsInstanceOfType(payload))
            {
                return true;
            }
        }

        return _eventTypes.Length == 0;
    }
}
