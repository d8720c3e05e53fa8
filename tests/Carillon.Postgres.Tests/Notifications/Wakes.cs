namespace Carillon.Postgres.Tests.Notifications;

/// <summary>Counts calls and lets a test wait for the next one.</summary>
internal sealed class Wakes
{
    private readonly SemaphoreSlim _woken = new(0);
    private int _count;

    internal int Count => Volatile.Read(ref _count);

    internal void Wake()
    {
        Interlocked.Increment(ref _count);
        _woken.Release();
    }

    internal async Task NextAsync() => (await _woken.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken)).ShouldBeTrue();
}
