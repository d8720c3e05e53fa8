using Carillon.Diagnostics.Internal;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Carillon.Background.Internal;

/// <summary>Runs what waits in the queue, so many at a time; without work there is no loop. Drains when the host stops.</summary>
internal sealed class BackgroundListeners : IBackgroundListeners, IAsyncDisposable, IDisposable
{
    // After their tokens were cancelled, listeners that honour them need a moment to say so.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private readonly BackgroundQueue _queue;
    private readonly BackgroundRunner _runner;
    private readonly BackgroundOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly HashSet<BackgroundCall> _running = [];
    // Not disposed: what was registered with it may still be running, and it holds nothing.
    private readonly CancellationTokenSource _stop = new();
    private int _loops;
    private bool _hasEnded;
    private TaskCompletionSource? _idle;

    public BackgroundListeners(BackgroundQueue queue, BackgroundRunner runner, IOptions<BackgroundOptions> options, TimeProvider time, Loggers loggers)
    {
        _queue = queue;
        _runner = runner;
        _options = options.Value;
        _time = time;
        _logger = loggers.Background;
        _queue.Came += AddLoop;
    }

    public int Waiting => _queue.Count;

    public int Running
    {
        get
        {
            lock (_gate)
            {
                return _running.Count;
            }
        }
    }

    internal BackgroundQueue Queue => _queue;

    public Task WhenIdleAsync(CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            return IsIdle()
                ? Task.CompletedTask
                : (_idle ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Goes on until nothing waits and nothing runs, but not for ever; then gives up what waits and cancels what runs.</summary>
    internal async Task StopAsync(CancellationToken hurry)
    {
        var (waiting, running) = (Waiting, Running);
        if (waiting + running > 0)
        {
            Log.BackgroundDraining(_logger, waiting, running, _options.DrainTimeout);
        }

        await WhenIdleAsync(CancellationToken.None).WaitAsync(_options.DrainTimeout, _time, hurry).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await EndAsync().ConfigureAwait(false);
    }

    // Without a host, or after one that did not start. There is no draining here: a container that is going makes no scope any more.
    public async ValueTask DisposeAsync() => await EndAsync().ConfigureAwait(false);

    public void Dispose()
    {
        _queue.Close();
        _stop.Cancel();
    }

    private async Task EndAsync()
    {
        if (Interlocked.Exchange(ref _hasEnded, true))
        {
            return;
        }

        _queue.Close();
        await _stop.CancelAsync().ConfigureAwait(false);
        // In real time, whatever clock the application runs on: a process that ends has this moment left.
        using var grace = new CancellationTokenSource(Grace);
        await WhenIdleAsync(grace.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        BackgroundCall[] stuck;
        lock (_gate)
        {
            TellIfIdle();
            stuck = [.. _running];
        }

        foreach (var call in stuck)
        {
            Log.BackgroundStuck(_logger, call.Listener.Id, call.EventName);
        }
    }

    private void AddLoop()
    {
        lock (_gate)
        {
            if (_loops == _options.MaxConcurrency)
            {
                return;
            }

            _loops++;
        }

        // Without the context of the emitter, whose span and whose async locals end with its dispatch.
        ThreadPool.UnsafeQueueUserWorkItem(static listeners => _ = listeners.RunAsync(), this, preferLocal: false);
    }

    private async Task RunAsync()
    {
        while (Begin() is { } call)
        {
            await RunAsync(call).ConfigureAwait(false);
        }
    }

    private BackgroundCall? Begin()
    {
        lock (_gate)
        {
            if (_queue.TryTake() is { } call)
            {
                _running.Add(call);
                return call;
            }

            _loops--;
            TellIfIdle();
            return null;
        }
    }

    private async Task RunAsync(BackgroundCall call)
    {
        BackgroundQueue.EnterBackground();
        await _runner.RunAsync(call, _stop.Token).ConfigureAwait(false);
        lock (_gate)
        {
            _running.Remove(call);
            TellIfIdle();
        }
    }

    private void TellIfIdle()
    {
        if (_idle is { } idle && IsIdle())
        {
            _idle = null;
            idle.SetResult();
        }
    }

    private bool IsIdle() => _running.Count == 0 && _queue.Count == 0;
}
