using System.Collections.Concurrent;
using Carillon.Deliveries;
using Npgsql;

namespace Carillon.Postgres.Deliveries.Internal;

/// <summary>Leases deliveries: those without a key in one round trip, those with one in a second.</summary>
/// <remarks>
/// Between the two the second kind is nobody's: the locks of the keys are waited for, and nobody who waits may hold rows that others want. What was taken in between is
/// left out.
/// </remarks>
/// <threadsafety>Safe for concurrent use.</threadsafety>
internal sealed class Claimer(PostgresConnections connections, PostgresLocation location, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, ClaimCourse> _courses = new(StringComparer.Ordinal);

    /// <exception cref="DeliveryStoreException">Nothing was leased.</exception>
    internal async ValueTask<IReadOnlyList<LeasedDelivery>> LeaseAsync(LeaseRequest request, CancellationToken cancellationToken)
    {
        var what = $"lease deliveries of the queue '{request.Queue}'";
        var session = await connections.RentAsync(what, cancellationToken).ConfigureAwait(false);
        var leased = new List<ClaimedRow>();
        try
        {
            await LeaseAsync(session, request, leased).ConfigureAwait(false);
        }
        catch (Exception exception) when (PostgresFault.IsFault(exception))
        {
            // What earlier rounds have leased is committed, and the caller's.
            if (leased.Count == 0)
            {
                throw PostgresFault.Explain(what, location, exception, wasSent: true);
            }
        }
        finally
        {
            await connections.ReturnAsync(session).ConfigureAwait(false);
        }

        leased.Sort(ClaimedRow.Compare);
        return leased.ConvertAll(static row => row.Leased!);
    }

    internal static long QueueLock(PostgresLocation location, string queue) => StableHash.Of($"carillon.queue.{location.Schema}", queue);

    private async Task LeaseAsync(PostgresSession session, LeaseRequest request, List<ClaimedRow> leased)
    {
        var course = _courses.GetOrAdd(request.Queue, static (_, time) => new ClaimCourse(time), time);
        var marks = course.Next();
        while (leased.Count < request.MaxCount)
        {
            var wanted = request.MaxCount - leased.Count;
            var startedAt = time.GetTimestamp();
            var (rows, read) = await ClaimAsync(session, request, wanted, marks ?? ClaimMarks.None).ConfigureAwait(false);
            var changed = 0;
            foreach (var row in rows)
            {
                if (row.Leased is not null)
                {
                    leased.Add(row);
                    changed++;
                }
            }

            var next = ClaimCourse.Behind(marks ?? ClaimMarks.None, rows, UnixTicks.From(request.Now));

            course.Ended(marks is null, startedAt, read - rows.Count, rows.Count, rows.Count == wanted, next);
            if (rows.Count > changed)
            {
                changed += await TakeTurnsAsync(session, request, request.MaxCount - leased.Count, rows.FindAll(row => row.Leased is null), leased).ConfigureAwait(false);
            }

            if (changed > 0 && rows.Exists(row => row is { IsLease: true, Leased: null }))
            {
                // One whose lease has ended may have been put aside, and others of its key may have their turn, wherever they are.
                marks = null;
            }
            else if (changed > 0 && (rows.Count == wanted || request.Limit > 0))
            {
                // Those that are blocked were put aside: behind them there may be more. With a limit nobody here knows how many were looked for.
                marks = next;
            }
            else if (marks is not null && course.IsToLookAgain())
            {
                marks = null;
            }
            else
            {
                break;
            }
        }
    }

    private async Task<(List<ClaimedRow> Rows, long Read)> ClaimAsync(PostgresSession session, LeaseRequest request, int count, ClaimMarks marks)
    {
        for (var tries = 1; ; tries++)
        {
            var command = session.Claim;
            command.Fill(request, count, QueueLock(location, request.Queue), marks);
            try
            {
                var reader = await session.ExecuteAsync(command.Commands).ConfigureAwait(false);
                await using (reader.ConfigureAwait(false))
                {
                    return await ClaimCommand.ReadAsync(reader, request.Queue).ConfigureAwait(false);
                }
            }
            catch (PostgresException exception) when (PostgresFault.IsWorthAnotherTry(exception, tries))
            {
            }
        }
    }

    /// <returns>How many have changed their state: leased or parked.</returns>
    private async Task<int> TakeTurnsAsync(PostgresSession session, LeaseRequest request, int count, List<ClaimedRow> candidates, List<ClaimedRow> leased)
    {
        for (var tries = 1; ; tries++)
        {
            var command = session.Turns;
            command.Fill(request, count, QueueLock(location, request.Queue), candidates);
            try
            {
                var reader = await session.ExecuteAsync(command.Commands).ConfigureAwait(false);
                await using (reader.ConfigureAwait(false))
                {
                    var rows = await command.ReadAsync(reader, request.Queue).ConfigureAwait(false);
                    leased.AddRange(rows.Where(row => row.Leased is not null));
                    return rows.Count;
                }
            }
            catch (PostgresException exception) when (PostgresFault.IsWorthAnotherTry(exception, tries))
            {
            }
        }
    }
}
