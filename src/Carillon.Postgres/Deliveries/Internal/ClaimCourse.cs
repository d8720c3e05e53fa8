using Carillon.Deliveries;

namespace Carillon.Postgres.Deliveries.Internal;

/// <summary>
/// Decides where each claim of one queue begins: at the very beginning, or behind what the claims before have found gone.
/// </summary>
/// <remarks>
/// <para>
/// What was leased and removed stays in the index until vacuum has been, and at least as long as any transaction of the database may still see it: a report of an hour, a
/// forgotten session. Every claim that begins at the beginning walks past all of it. So when very many are worked off one batch after the other, a claim begins behind what the
/// one before has found.
/// </para>
/// <para>
/// That alone would lose deliveries: transactions commit in another order than that in which they have written, and what is committed later may lie before the mark. There is no
/// telling where the oldest uncommitted one lies, since a delivery may be due at any time. So a mark is never more than a short cut. A claim from the
/// beginning follows at once where a claim behind the mark found less than it wanted, and comes round in any case when ten times as long has passed as the last one took.
/// Only where one had to walk past very many that are gone does that rest hold for claims that find too little as well: what is committed late, or before the mark, then waits for
/// a few seconds in the worst case, and nine tenths of the time go into claims that are quick.
/// </para>
/// </remarks>
/// <threadsafety>Safe for concurrent use.</threadsafety>
internal sealed class ClaimCourse(TimeProvider time)
{
    /// <summary>To walk past so many costs a server some milliseconds. Without a held snapshot there are never so many: whoever walks past them first sees to that.</summary>
    internal const long Many = 20_000;

    /// <summary>So many have to be found in a row before it is worth while, and who has fewer gets them exactly in their order.</summary>
    internal const int LongRun = 2_000;

    private const int RestFactor = 10;

    private readonly Lock _gate = new();
    private ClaimMarks _marks = ClaimMarks.None;
    private long _run;
    private long _gone;
    private TimeSpan _whole;
    private long _wholeAt;

    /// <summary>Where the next claim begins; null for the beginning.</summary>
    internal ClaimMarks? Next()
    {
        lock (_gate)
        {
            return (_run >= LongRun || _gone >= Many) && Rests() ? _marks : null;
        }
    }

    /// <summary>Whether a claim that began at the marks and found too little is to be followed by one from the beginning at once.</summary>
    internal bool IsToLookAgain()
    {
        lock (_gate)
        {
            return _gone < Many || !Rests();
        }
    }

    /// <summary>A claim has ended.</summary>
    /// <param name="fromBeginning">Whether it began at the beginning.</param>
    /// <param name="startedAt">When, as a time stamp.</param>
    /// <param name="gone">How many it walked past that were gone.</param>
    /// <param name="found">How many it found.</param>
    /// <param name="foundAll">Whether that is as many as it wanted.</param>
    /// <param name="marks">Behind what it found; what it found nothing of is where it was.</param>
    internal void Ended(bool fromBeginning, long startedAt, long gone, int found, bool foundAll, in ClaimMarks marks)
    {
        lock (_gate)
        {
            _run = foundAll ? _run + found : 0;
            _marks = marks;
            if (fromBeginning)
            {
                _gone = gone;
                _wholeAt = time.GetTimestamp();
                _whole = time.GetElapsedTime(startedAt, _wholeAt);
            }
        }
    }

    /// <summary>The marks, moved behind what was found.</summary>
    internal static ClaimMarks Behind(ClaimMarks marks, List<ClaimedRow> rows, long now)
    {
        foreach (var row in rows)
        {
            if (!row.IsLease)
            {
                marks = row.Priority switch
                {
                    DeliveryPriority.High => marks with { High = Later(marks.High, row.At, row.Id) },
                    DeliveryPriority.Normal => marks with { Normal = Later(marks.Normal, row.At, row.Id) },
                    _ => marks with { Low = Later(marks.Low, row.At, row.Id) },
                };
            }
        }

        // Leases are found by their end and taken by their priority: only when all that there are have been taken does none lie before the mark.
        var leases = rows.Count(row => row.IsLease);
        return rows.Count == 0 || (leases < rows.Count && leases == rows[0].Ended) ? marks with { LeaseUntil = Math.Max(marks.LeaseUntil, now) } : marks;
    }

    private static ClaimMark Later(ClaimMark mark, long at, long id) => (at, id).CompareTo((mark.DueAt, mark.Id)) > 0 ? new ClaimMark(at, id) : mark;

    private bool Rests() => time.GetElapsedTime(_wholeAt) < RestFactor * _whole;
}
