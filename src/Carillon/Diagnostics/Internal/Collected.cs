using Microsoft.Extensions.Logging;

namespace Carillon.Diagnostics.Internal;

/// <summary>What a store has told last, for gauges. It is asked only when somebody collects, however many gauges are read from one answer, and never waited for.</summary>
/// <remarks>
/// An instrument is read on a thread of the reader's, which a slow store must not hold up: a store that answers later is seen by the next collection.
/// </remarks>
/// <typeparam name="T">The answer.</typeparam>
/// <threadsafety>Safe for concurrent use.</threadsafety>
internal sealed class Collected<T>(Func<DateTimeOffset, ValueTask<T>> ask, string action, TimeProvider time, ILogger logger)
    where T : class
{
    // However often is collected, and by however many.
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();

    // Under the gate.
    private DateTimeOffset _askedAt = DateTimeOffset.MinValue;
    private bool _isAsking;
    private volatile T? _last;

    /// <summary>The last answer; null if there is none yet, or the store could not be read.</summary>
    internal T? Read()
    {
        var now = time.GetUtcNow();
        lock (_gate)
        {
            if (_isAsking || (now - _askedAt).Duration() < Interval)
            {
                return _last;
            }

            _isAsking = true;
            _askedAt = now;
        }

        _ = AskAsync(now);
        return _last;
    }

    private async Task AskAsync(DateTimeOffset now)
    {
        try
        {
            _last = await ask(now).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Whatever a store throws: nothing is said then, rather than what is not true any more.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            _last = null;
            Log.StoreUnavailable(logger, action, Interval, exception);
        }
        finally
        {
            lock (_gate)
            {
                _isAsking = false;
            }
        }
    }
}
