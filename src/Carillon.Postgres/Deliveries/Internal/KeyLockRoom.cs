namespace Carillon.Postgres.Deliveries.Internal;

/// <summary>How many locks of keys the transactions of the application in this process hold at once, while they are committed.</summary>
/// <remarks>
/// PostgreSQL has room for 64 locks a connection unless it is told otherwise, in one place for all of them, and a transaction that finds none left fails. These are taken to be quicker
/// only, so they are never so many that they could fill it.
/// </remarks>
/// <threadsafety>Safe for concurrent use.</threadsafety>
internal sealed class KeyLockRoom
{
    internal const int Most = 256;

    private int _left = Most;

    /// <returns>How many of those that are wanted may be taken. Give them back.</returns>
    internal int Take(int wanted)
    {
        while (true)
        {
            var left = Volatile.Read(ref _left);
            var taken = Math.Min(wanted, left);
            if (taken == 0 || Interlocked.CompareExchange(ref _left, left - taken, left) == left)
            {
                return taken;
            }
        }
    }

    internal void GiveBack(int taken) => Interlocked.Add(ref _left, taken);
}
