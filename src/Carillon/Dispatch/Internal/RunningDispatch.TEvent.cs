using System.Runtime.CompilerServices;
using System.Threading.Tasks.Sources;

namespace Carillon.Dispatch.Internal;

/// <summary>A dispatch that has to be waited for, and the event that it gives back: no asynchronous method of its own stands between listener and emitter.</summary>
/// <remarks>
/// It is used again after it was awaited, by whichever dispatch comes next on that thread. Awaiting the same dispatch twice is an error, as with every
/// <see cref="ValueTask"/>, and is refused.
/// </remarks>
internal sealed class RunningDispatch<TEvent> : RunningDispatch, IValueTaskSource<TEvent>
{
    private readonly Action _continue;
    private readonly int _slot;
    private ValueTask _running;
    private TEvent _event = default!;
    private short _version;
    private Action<object?>? _continuation;
    private object? _state;

    private RunningDispatch(int slot)
    {
        _continue = Continue;
        _slot = slot;
    }

    /// <param name="running">The listeners.</param>
    /// <param name="event">What they were called with.</param>
    /// <param name="slot">The number of <typeparamref name="TEvent"/>.</param>
    internal static ValueTask<TEvent> Start(ValueTask running, TEvent @event, int slot)
    {
        var dispatch = TakeSpare(slot) is { } spare ? Unsafe.As<RunningDispatch<TEvent>>(spare) : new RunningDispatch<TEvent>(slot);
        dispatch._running = running;
        dispatch._event = @event;
        return new ValueTask<TEvent>(dispatch, dispatch._version);
    }

    public ValueTaskSourceStatus GetStatus(short token)
    {
        Check(token);
        if (!_running.IsCompleted)
        {
            return ValueTaskSourceStatus.Pending;
        }

        return _running.IsCompletedSuccessfully ? ValueTaskSourceStatus.Succeeded
            : _running.IsCanceled ? ValueTaskSourceStatus.Canceled
            : ValueTaskSourceStatus.Faulted;
    }

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
    {
        Check(token);
        if (_continuation is not null)
        {
            throw AwaitedTwice();
        }

        _continuation = continuation;
        _state = state;
        var awaiter = _running.ConfigureAwait(flags.HasFlag(ValueTaskSourceOnCompletedFlags.UseSchedulingContext)).GetAwaiter();
        if (flags.HasFlag(ValueTaskSourceOnCompletedFlags.FlowExecutionContext))
        {
            awaiter.OnCompleted(_continue);
        }
        else
        {
            awaiter.UnsafeOnCompleted(_continue);
        }
    }

    public TEvent GetResult(short token)
    {
        Check(token);
        var running = _running;
        var @event = _event;
        _version++;
        _running = default;
        _event = default!;
        // One that failed is left to the collector.
        running.GetAwaiter().GetResult();
        // Somebody who still waits for it holds it: it must not call him for another dispatch.
        if (_continuation is null)
        {
            GiveBack(this, _slot);
        }

        return @event;
    }

    private void Continue()
    {
        var continuation = _continuation!;
        var state = _state;
        _continuation = null;
        _state = null;
        continuation(state);
    }

    private void Check(short token)
    {
        if (token != _version)
        {
            throw AwaitedTwice();
        }
    }

    private static InvalidOperationException AwaitedTwice() =>
        new("The same dispatch was awaited twice. Await what DispatchAsync returns once, or keep what its AsTask() returns.");
}
