using Carillon.Deliveries;

namespace Carillon.Postgres.Deliveries.Internal;

/// <summary>
/// Decides where each claim of one queue begins: at the very beginning, or behind what the claims before have found gone.
/// </summary>
/// <remarks>
/// <para>
/// What was leased and removed stays in the index as long as any transaction of the database may still see it: a report of an hour, a forgotten session. Every claim
/// that begins at the beginning walks past all of it. So a claim that follows one which found as much as it wanted begins behind what that one found.
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

    private const int RestFactor = 10;

    private readonly Lock _gate = new();
    private ClaimMarks _marks = ClaimMarks.None;
    private bool _finds;
    private long _gone;
    private TimeSpan _whole;
    private long _wholeAt;

    /// <summary>Where the next claim begins; null for the beginning.</summary>
    internal ClaimMarks? Next()
    {
        lock (_gate)
        {
            return (_finds || _gone >= Many) && Rests() ? _marks : null;
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
    /// <param name="foundAll">Whether it found as many as it wanted.</param>
    /// <param name="marks">Behind what it found; what it found nothing of is where it was.</param>
    internal void Ended(bool fromBeginning, long startedAt, long gone, bool foundAll, in ClaimMarks marks)
    {
        lock (_gate)
        {
            _finds = foundAll;
            _marks = marks;
            if (fromBeginning)
            {
                _gone = gone;
                _wholeAt = time.GetTimestamp();
                _whole = time.GetElapsedTime(startedAt, _wholeAt);
            }
        }
    }

    /// <summary>A mark, moved behind a delivery that was found.</summary>
    internal static ClaimMarks Behind(in ClaimMarks marks, DeliveryPriority priority, bool isLease, long at, long id) => (isLease, priority) switch
    {
        (true, _) => marks with { LeaseUntil = Math.Max(marks.LeaseUntil, at) },
        (_, DeliveryPriority.High) => marks with { High = Later(marks.High, at, id) },
        (_, DeliveryPriority.Normal) => marks with { Normal = Later(marks.Normal, at, id) },
        _ => marks with { Low = Later(marks.Low, at, id) },
    };

    private static ClaimMark Later(ClaimMark mark, long at, long id) => (at, id).CompareTo((mark.DueAt, mark.Id)) > 0 ? new ClaimMark(at, id) : mark;

    private bool Rests() => time.GetElapsedTime(_wholeAt) < RestFactor * _whole;
}
