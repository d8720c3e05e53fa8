namespace Carillon.Postgres.Transports.Internal;

/// <summary>Behind which event a receiver begins to look.</summary>
/// <remarks>
/// Rows that are done stay in the index for as long as any session holds an old snapshot, and a look from the beginning walks past all of them. So a look begins where
/// the receiver was a while ago. That is a short cut only: events may be committed late or come back, so a look from the beginning comes round by the clock, the more seldom
/// the longer it takes, and whenever somebody says that something has come back.
/// </remarks>
/// <threadsafety>For one receiver.</threadsafety>
internal sealed class LookMark(TimeProvider time)
{
    // Far longer than it takes to commit an event whose number was drawn before.
    private static readonly TimeSpan Behind = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LeastBetween = TimeSpan.FromSeconds(1);
    private const int TimesAsLong = 20;

    private long _mark;
    private long _next;
    private long _nextAt = time.GetTimestamp();
    private long _wholeAt;
    private TimeSpan _wholeTook;
    private bool _wantsWhole = true;

    /// <summary>The event behind which to begin; 0 for the beginning.</summary>
    internal long Begin()
    {
        var between = _wholeTook * TimesAsLong;
        if (!_wantsWhole && time.GetElapsedTime(_wholeAt) < (between > LeastBetween ? between : LeastBetween))
        {
            return _mark;
        }

        _wantsWhole = false;
        _wholeAt = time.GetTimestamp();
        return 0;
    }

    /// <summary>The look has ended.</summary>
    /// <param name="began">Behind which event it began.</param>
    /// <param name="last">The last event that was found; 0 for none.</param>
    internal void End(long began, long last)
    {
        if (began == 0)
        {
            _wholeTook = time.GetElapsedTime(_wholeAt);
        }

        if (time.GetElapsedTime(_nextAt) > Behind)
        {
            (_mark, _next, _nextAt) = (Math.Max(_mark, _next), Math.Max(_next, last), time.GetTimestamp());
        }
        else
        {
            _next = Math.Max(_next, last);
        }
    }

    internal void LookWhole() => _wantsWhole = true;
}
