using System.Threading.Channels;

namespace Carillon.Postgres.Tests.Notifications;

/// <summary>Counts calls and lets a test wait for the next one.</summary>
internal sealed class Wakes
{
    private readonly Channel<bool> _woken = Channel.CreateUnbounded<bool>();
    private int _count;

    internal int Count => Volatile.Read(ref _count);

    internal void Wake()
    {
        Interlocked.Increment(ref _count);
        _woken.Writer.TryWrite(true);
    }

    internal Task NextAsync() => _woken.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromMinutes(1));
}
