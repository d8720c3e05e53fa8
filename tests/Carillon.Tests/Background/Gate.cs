using System.Collections.Concurrent;

namespace Carillon.Tests.Background;

/// <summary>A listener that waits until the test lets it go on.</summary>
internal sealed class Gate
{
    private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentQueue<int> _ran = new();

    public TaskCompletionSource Began { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public TaskCompletionSource Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IReadOnlyList<int> Ran => [.. _ran];

    public void Open() => _open.SetResult();

    public async ValueTask PassAsync(NumberCounted e, CancellationToken token)
    {
        Began.TrySetResult();
        try
        {
            await _open.Task.WaitAsync(token);
            _ran.Enqueue(e.Number);
        }
        finally
        {
            Ended.TrySetResult();
        }
    }
}
