using System.Globalization;
using Carillon.EventSourcing;
using Carillon.Postgres.Deliveries.Internal;

namespace Carillon.Postgres.EventSourcing.Internal;

/// <summary>
/// Which positions may still appear. Positions are given when rows are written and transactions commit in any order, so the last one that is seen says nothing about those
/// before it. Every transaction that appends holds a lock, taken before its first position was given, whose number is the last position given until then.
/// </summary>
/// <remarks>
/// The usual way is to write down the number of the transaction with each event and to read no further than the oldest one that is open. That waits for every transaction of the
/// whole server, whatever it does; events of an older transaction would have to come before those of a younger one, though they follow them in their stream; and after a
/// dump and a restore the numbers mean nothing. A lock is there exactly as long as its transaction, and names the session that holds everybody back.
/// </remarks>
internal static class AppendLocks
{
    private const long Mask = int.MaxValue;

    // A lock has room for 31 bits. What is further away than half of that has been given since the end was asked for.
    private const long Half = 1L << 30;

    /// <summary>The number that the locks of one schema have in common.</summary>
    internal static int ClassOf(string schema) => unchecked((int)StableHash.Of("carillon.events", schema));

    /// <summary>The same, as pg_locks shows it.</summary>
    internal static long ShownClassOf(string schema) => unchecked((uint)ClassOf(schema));

    /// <param name="last">The last position that was given when this was asked.</param>
    /// <param name="open">The locks, asked for after that: their numbers, and the server's processes that hold them.</param>
    internal static StoreEnd FindEnd(long last, List<(long Number, int? Process)> open)
    {
        var (end, holder) = (last, (int?)null);
        foreach (var (number, process) in open)
        {
            var distance = (last - number) & Mask;
            if (distance < Half && last - distance < end)
            {
                (end, holder) = (last - distance, process ?? 0);
            }
        }

        return new StoreEnd(end, last, holder is { } pid ? Words(pid) : null);
    }

    private static string Words(int process) => process == 0
        ? "a prepared transaction (SELECT * FROM pg_prepared_xacts)"
        : string.Create(CultureInfo.InvariantCulture, $"the transaction of the server's process {process} (SELECT * FROM pg_stat_activity WHERE pid = {process})");
}
