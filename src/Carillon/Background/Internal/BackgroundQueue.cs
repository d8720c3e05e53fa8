using Carillon.Diagnostics.Internal;
using Carillon.Listeners;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Carillon.Background.Internal;

/// <summary>What waits to run in the background: bounded, in order, in memory.</summary>
/// <remarks>Knows nothing of threads: who takes calls out is told by <see cref="Came"/>.</remarks>
internal sealed class BackgroundQueue : IDisposable
{
    // What runs in the background may dispatch to the background. It finds room always: otherwise all that runs could wait for what waits behind it.
    private static readonly AsyncLocal<bool> InBackground = new();

    private readonly Lock _gate = new();
    private readonly Queue<BackgroundCall> _waiting = new();
    // Neither is disposed: they hold nothing, and dispatches may still wait with them while the container goes.
    private readonly SemaphoreSlim _places;
    private readonly CancellationTokenSource _closing = new();
    private readonly BackgroundOptions _options;
    private readonly ILogger _logger;
    private bool _isOpen;
    private bool _isClosed;

    public BackgroundQueue(IOptions<BackgroundOptions> options, Loggers loggers)
    {
        _options = options.Value;
        _places = new SemaphoreSlim(_options.Capacity);
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
        BackgroundCall? call;
        lock (_gate)
        {
            if (!_waiting.TryDequeue(out call))
            {
                return null;
            }
        }

        if (call.HasPlace)
        {
            _places.Release();
        }

        return call;
    }

    /// <summary>Notes calls, in order.</summary>
    /// <exception cref="CarillonException">The queue is full and may not wait, or the process is ending.</exception>
    internal async ValueTask AddAsync(
        string eventName, object @event, Guid eventId, IReadOnlyList<Listener> listeners, CancellationToken cancellationToken)
    {
        foreach (var listener in listeners)
        {
            var call = new BackgroundCall(listener, @event, eventName, eventId) { HasPlace = !InBackground.Value };
            if (!call.HasPlace || _places.Wait(0, CancellationToken.None) || await FindPlaceAsync(call, cancellationToken).ConfigureAwait(false))
            {
                Add(call);
            }
        }
    }

    public void Dispose() => Close();

    private async ValueTask<bool> FindPlaceAsync(BackgroundCall call, CancellationToken cancellationToken)
    {
        switch (_options.WhenFull)
        {
            case WhenFull.DropNewest:
                Log.BackgroundDropped(_logger, call.Listener.Id, call.EventName, _options.Capacity);
                return false;
            case WhenFull.DropOldest:
                return TakeOldestPlace(call) || await WaitForPlaceAsync(call, cancellationToken).ConfigureAwait(false);
            case WhenFull.Fail:
                throw Full(call, "Raise BackgroundOptions.Capacity or MaxConcurrency, or let the dispatch wait with WhenFull.Wait.");
            default:
                return await WaitForPlaceAsync(call, cancellationToken).ConfigureAwait(false);
        }
    }

    // One goes for one that comes, whether or not it was counted: what stood in no place leaves none.
    private bool TakeOldestPlace(BackgroundCall call)
    {
        BackgroundCall? oldest;
        lock (_gate)
        {
            if (!_waiting.TryDequeue(out oldest))
            {
                return false;
            }
        }

        Log.BackgroundDropped(_logger, oldest.Listener.Id, oldest.EventName, _options.Capacity);
        call.HasPlace = oldest.HasPlace;
        return true;
    }

    private async ValueTask<bool> WaitForPlaceAsync(BackgroundCall call, CancellationToken cancellationToken)
    {
        if (!IsOpen())
        {
            throw Full(
                call,
                "They are held until the host has started, and one that is being started cannot wait for that. Dispatch less while the host starts, or raise "
                + "BackgroundOptions.Capacity.");
        }

        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _closing.Token);
        try
        {
            await _places.WaitAsync(either.Token).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw Closed(call);
        }
        catch (OperationCanceledException)
        {
            throw new OperationCanceledException(cancellationToken);
        }
    }

    private void Add(BackgroundCall call)
    {
        lock (_gate)
        {
            if (_isClosed)
            {
                throw Closed(call);
            }

            _waiting.Enqueue(call);
            if (!_isOpen)
            {
                return;
            }
        }

        Came?.Invoke();
    }

    private bool IsOpen()
    {
        lock (_gate)
        {
            return _isOpen || _isClosed;
        }
    }

    private CarillonException Full(BackgroundCall call, string advice) =>
        new($"The event '{call.EventName}' was not noted for its background listener '{call.Listener.Id}': {_options.Capacity} calls wait already. {advice}");

    private static CarillonException Closed(BackgroundCall call) =>
        new($"The event '{call.EventName}' was not noted for its background listener '{call.Listener.Id}': the process is ending. What must not be lost is for "
            + "a durable listener.");
}
