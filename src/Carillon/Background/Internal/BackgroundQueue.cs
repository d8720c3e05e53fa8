using Carillon.Diagnostics.Internal;
using Carillon.Listeners;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Carillon.Background.Internal;

/// <summary>What waits to run in the background: bounded, in order, in memory.</summary>
/// <remarks>
/// Knows nothing of threads: who takes calls out is told by <see cref="Came"/>. Room is taken before what else a dispatch leaves is recorded, and for all its calls together:
/// whoever is refused leaves nothing behind, and may dispatch again.
/// </remarks>
internal sealed class BackgroundQueue : IDisposable
{
    // What runs in the background may dispatch to the background. It finds room always: otherwise all that runs could wait for what waits behind it.
    private static readonly AsyncLocal<bool> InBackground = new();

    private readonly Lock _gate = new();
    private readonly Queue<BackgroundCall> _waiting = new();
    private readonly Places _places;
    // Not disposed: it holds nothing, and dispatches may still wait with it while the container goes.
    private readonly CancellationTokenSource _closing = new();
    private readonly BackgroundOptions _options;
    private readonly ILogger _logger;
    private bool _isOpen;
    private bool _isClosed;

    public BackgroundQueue(IOptions<BackgroundOptions> options, Loggers loggers)
    {
        _options = options.Value;
        _places = new Places(_options.Capacity);
        _logger = loggers.Background;
    }

    /// <summary>Raised when there may be a call to take out: one was added to the open queue, or the queue was opened.</summary>
    internal event Action? Came;

    internal int Count
    {
        get
        {
            lock (_gate)
            {
                return _waiting.Count;
            }
        }
    }

    /// <summary>Marks the current flow of execution as one that runs in the background.</summary>
    internal static void EnterBackground() => InBackground.Value = true;

    /// <summary>Lets calls be taken out. Until then they are held.</summary>
    internal void Open()
    {
        lock (_gate)
        {
            _isOpen = true;
        }

        Came?.Invoke();
    }

    /// <summary>Takes nothing in any more, and gives up what waits.</summary>
    internal void Close()
    {
        BackgroundCall[] lost;
        lock (_gate)
        {
            if (_isClosed)
            {
                return;
            }

            _isClosed = true;
            lost = [.. _waiting];
            _waiting.Clear();
        }

        _closing.Cancel();
        foreach (var call in lost)
        {
            Log.BackgroundLost(_logger, call.Listener.Id, call.EventName);
        }
    }

    /// <summary>The next call, if there is one. Asked only after <see cref="Came"/>.</summary>
    internal BackgroundCall? TryTake()
    {
        lock (_gate)
        {
            if (!_waiting.TryDequeue(out var call))
            {
                return null;
            }

            // Under the gate, so that where no place is free there is always a call that waits and could be dropped.
            if (call.HasPlace)
            {
                _places.Free(1);
            }

            return call;
        }
    }

    /// <summary>Takes room for the calls of one event, all or none: to be followed by <see cref="Add(BackgroundCall[])"/> or <see cref="GiveBack"/>.</summary>
    /// <exception cref="CarillonException">The queue is full and may not wait, or the process is ending.</exception>
    internal async ValueTask<BackgroundCall[]> ReserveAsync(
        string eventName, object @event, Guid eventId, List<Listener> listeners, CancellationToken cancellationToken)
    {
        var calls = new BackgroundCall[listeners.Count];
        for (var index = 0; index < calls.Length; index++)
        {
            calls[index] = new BackgroundCall(listeners[index], @event, eventName, eventId) { ComesOnTop = InBackground.Value };
        }

        if (calls.Length == 0)
        {
            return calls;
        }

        if (IsClosed())
        {
            throw Closed(calls);
        }

        // Who drops makes room when the calls are added, and so always finds it.
        if (!InBackground.Value && _options.WhenFull is not (WhenFull.DropNewest or WhenFull.DropOldest))
        {
            // More than there are cannot be had: an event with more listeners takes all of them.
            var places = Math.Min(calls.Length, _options.Capacity);
            if (!_places.TryTake(places))
            {
                await FindPlacesAsync(places, calls, cancellationToken).ConfigureAwait(false);
            }

            for (var index = 0; index < calls.Length; index++)
            {
                calls[index].HasPlace = index < places;
                calls[index].ComesOnTop = index >= places;
            }
        }

        return calls;
    }

    /// <summary>Notes calls for which there is room, in order. Never fails: what would not begin before the process ends is lost by name, as if it had waited.</summary>
    internal void Add(BackgroundCall[] calls)
    {
        foreach (var call in calls)
        {
            Add(call);
        }
    }

    /// <summary>Gives up calls that were not added.</summary>
    internal void GiveBack(BackgroundCall[] calls)
    {
        if (calls.Count(static call => call.HasPlace) is > 0 and var places)
        {
            _places.Free(places);
        }
    }

    public void Dispose() => Close();

    private async ValueTask FindPlacesAsync(int places, BackgroundCall[] calls, CancellationToken cancellationToken)
    {
        if (_options.WhenFull == WhenFull.Fail)
        {
            throw Full(calls, "Raise BackgroundOptions.Capacity or MaxConcurrency, or let the dispatch wait with WhenFull.Wait.");
        }

        if (!IsOpen())
        {
            throw Full(
                calls,
                "They are held until the host has started, and one that is being started cannot wait for that. Dispatch less while the host starts, or raise "
                + "BackgroundOptions.Capacity.");
        }

        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _closing.Token);
        try
        {
            await _places.TakeAsync(places, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw Closed(calls);
        }
        catch (OperationCanceledException)
        {
            throw new OperationCanceledException(cancellationToken);
        }
    }

    private void Add(BackgroundCall call)
    {
        BackgroundCall? dropped;
        bool isClosed, isOpen;
        lock (_gate)
        {
            (isClosed, isOpen) = (_isClosed, _isOpen);
            dropped = isClosed ? call : MakeRoom(call);
            if (dropped != call)
            {
                _waiting.Enqueue(call);
            }
        }

        if (isClosed)
        {
            Log.BackgroundLost(_logger, call.Listener.Id, call.EventName);
            return;
        }

        if (dropped is not null)
        {
            Log.BackgroundDropped(_logger, dropped.Listener.Id, dropped.EventName, _options.Capacity);
        }

        if (isOpen && dropped != call)
        {
            Came?.Invoke();
        }
    }

    // What is dropped for it: nothing, or the call itself. One goes for one that comes, whether or not it was counted: what stood in no place leaves none.
    private BackgroundCall? MakeRoom(BackgroundCall call)
    {
        if (call.HasPlace || call.ComesOnTop || (call.HasPlace = _places.TryTake(1)))
        {
            return null;
        }

        if (_options.WhenFull == WhenFull.DropNewest)
        {
            return call;
        }

        var oldest = _waiting.Dequeue();
        call.HasPlace = oldest.HasPlace;
        return oldest;
    }

    private bool IsOpen()
    {
        lock (_gate)
        {
            return _isOpen || _isClosed;
        }
    }

    private bool IsClosed()
    {
        lock (_gate)
        {
            return _isClosed;
        }
    }

    private CarillonException Full(BackgroundCall[] calls, string advice) =>
        new($"{NotNoted(calls)}: {_places.Taken} calls wait already, and {_options.Capacity} may. {advice}");

    private static CarillonException Closed(BackgroundCall[] calls) =>
        new($"{NotNoted(calls)}: the process is ending. What must not be lost is for a durable listener.");

    private static string NotNoted(BackgroundCall[] calls) =>
        $"The event '{calls[0].EventName}' was not noted for {(calls.Length == 1 ? "its background listener" : "any of its background listeners")} "
        + string.Join(", ", calls.Select(static call => $"'{call.Listener.Id}'"));
}
