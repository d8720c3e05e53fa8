namespace Carillon.Transports.InMemory;

/// <summary>How many events of a broker are being received.</summary>
internal sealed class InMemoryInHand
{
    private readonly Lock _lock = new();
    private TaskCompletionSource? _none;
    private int _count;

    internal void Begin()
    {
        lock (_lock)
        {
            _count++;
        }
    }

    internal void End()
    {
        lock (_lock)
        {
            if (--_count == 0)
            {
                _none?.SetResult();
                _none = null;
            }
        }
    }

    internal Task WhenNoneAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return _count == 0 ? Task.CompletedTask : (_none ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task.WaitAsync(cancellationToken);
        }
    }
}
