using Carillon.Deliveries;

namespace Carillon.Sqlite.Deliveries.Internal;

/// <summary>What belongs to a queue. Each method is one statement or a few, on whichever connection.</summary>
internal static class DeliveryQueues
{
    internal static bool IsPaused(SqliteSession session, string queue) => session.Statement(ManagingSql.IsPaused).Bind(1, queue).ReadLong() == 1;

    internal static int CountLeased(SqliteSession session, string queue, DateTimeOffset now) =>
        (int)Math.Min(int.MaxValue, session.Statement(ManagingSql.CountLeased).Bind(1, queue).Bind(2, now).ReadLong() ?? 0);

    /// <summary>The next lower priority that somebody in the queue has; null if there is none.</summary>
    internal static long? NextPriority(SqliteSession session, string queue, long? below) =>
        session.Statement(ManagingSql.NextPriority).Bind(1, queue).Bind(2, below ?? long.MaxValue).ReadLong();

    /// <summary>Whether there is something to be leased, as far as can be seen without looking at keys and limits.</summary>
    internal static bool IsAnyDue(SqliteSession session, LeaseRequest request)
    {
        if (IsPaused(session, request.Queue))
        {
            return false;
        }

        for (var next = NextPriority(session, request.Queue, null); next is { } priority; next = NextPriority(session, request.Queue, priority))
        {
            if (session.Statement(ManagingSql.IsAnyDue).Bind(1, request.Queue).Bind(2, priority).Bind(3, request.Now).ReadLong() == 1)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>When the next is due, or the next lease ends, after some time.</summary>
    internal static DateTimeOffset? NextDue(SqliteSession session, DateTimeOffset after)
    {
        var waiting = NextDue(session, ManagingSql.NextWaitingPriority, ManagingSql.NextWaiting, after);
        var leased = NextDue(session, ManagingSql.NextLeasedPriority, ManagingSql.NextLeased, after);
        return waiting is null || leased < waiting ? leased : waiting;
    }

    internal static bool Pause(SqliteSession session, (string Queue, DateTimeOffset Now) change) =>
        session.Statement(ManagingSql.Pause).Bind(1, change.Queue).Bind(2, change.Now).Execute() > 0;

    internal static bool Resume(SqliteSession session, string queue) => session.Statement(ManagingSql.Resume).Bind(1, queue).Execute() > 0;

    internal static IReadOnlyCollection<string> ListPaused(SqliteSession session)
    {
        var names = new List<string>();
        var paused = session.Statement(ManagingSql.ListPaused);
        while (paused.Step())
        {
            names.Add(paused.GetString(0));
        }

        return names;
    }

    internal static IReadOnlyList<QueueSnapshot> List(SqliteSession session, DateTimeOffset now)
    {
        var queues = new SortedDictionary<string, QueueSnapshot>(StringComparer.Ordinal);
        QueueSnapshot Named(string queue) => queues.TryGetValue(queue, out var known) ? known : new QueueSnapshot(queue, 0, 0, null, null);

        foreach (var (queue, priority) in ListPriorities(session, ManagingSql.NextWaitingPriority))
        {
            var known = Named(queue);
            var more = session.Statement(ManagingSql.CountWaiting).Bind(1, queue).Bind(2, priority).Bind(3, now).Bind(4, QueueSnapshot.MaxCounted - known.Waiting).ReadLong() ?? 0;
            var oldest = session.Statement(ManagingSql.OldestWaiting).Bind(1, queue).Bind(2, priority).Bind(3, now).ReadLong() is { } ticks ? UnixTicks.ToTime(ticks) : known.OldestDueAt;
            queues[queue] = known with { Waiting = known.Waiting + more, OldestDueAt = known.OldestDueAt < oldest ? known.OldestDueAt : oldest };
        }

        foreach (var (queue, priority) in ListPriorities(session, ManagingSql.NextLeasedPriority))
        {
            var known = Named(queue);
            var more = session.Statement(ManagingSql.CountRunning).Bind(1, queue).Bind(2, priority).Bind(3, QueueSnapshot.MaxCounted - known.Leased).ReadLong() ?? 0;
            queues[queue] = known with { Leased = known.Leased + more };
        }

        var paused = session.Statement(ManagingSql.ListPaused);
        while (paused.Step())
        {
            var queue = paused.GetString(0);
            queues[queue] = Named(queue) with { PausedAt = paused.GetTime(1) };
        }

        return [.. queues.Values];
    }

    // One search each, which skips all that has the one before.
    private static List<(string Queue, long Priority)> ListPriorities(SqliteSession session, string nextPriority)
    {
        List<(string Queue, long Priority)> all = [];
        var (queue, priority) = ("", long.MinValue);
        for (var priorities = session.Statement(nextPriority); priorities.Bind(1, queue).Bind(2, priority).Step();)
        {
            (queue, priority) = (priorities.GetString(0), priorities.GetLong(1));
            priorities.Reset();
            all.Add((queue, priority));
        }

        return all;
    }

    private static DateTimeOffset? NextDue(SqliteSession session, string nextPriority, string next, DateTimeOffset after)
    {
        DateTimeOffset? first = null;
        var (queue, priority) = ("", long.MinValue);
        for (var priorities = session.Statement(nextPriority); priorities.Bind(1, queue).Bind(2, priority).Step();)
        {
            (queue, priority) = (priorities.GetString(0), priorities.GetLong(1));
            priorities.Reset();
            if (session.Statement(next).Bind(1, queue).Bind(2, priority).Bind(3, after).ReadLong() is { } ticks
                && UnixTicks.ToTime(ticks) is var dueAt
                && !(dueAt >= first))
            {
                first = dueAt;
            }
        }

        return first;
    }
}
