using Npgsql;

namespace Carillon.Postgres.Deliveries.Internal;

/// <summary>Notes messages and asks for them, for many consumers in one round trip.</summary>
/// <param name="connections">The connections of the store.</param>
/// <param name="location">Where.</param>
/// <param name="noteAlone">Notes by itself what would have to wait for a transaction of the application.</param>
/// <threadsafety>Safe for concurrent use.</threadsafety>
internal sealed class SeenGroups(PostgresConnections connections, PostgresLocation location, Func<SeenCall, Task<bool>> noteAlone)
    : CallGroups<SeenCall, bool>(connections, location)
{
    // The runner's own.
    private readonly List<SeenCall> _asked = [];
    private readonly List<SeenCall> _noted = [];
    private readonly HashSet<(string Consumer, string MessageId)> _distinct = [];
    private readonly HashSet<(string Consumer, string MessageId)> _new = [];
    private readonly HashSet<SeenCall> _positive = [];

    private protected override async Task CommitAsync(PostgresSession session, List<SeenCall> calls)
    {
        Sort(calls);
        var command = session.Of(static schema => new SeenCommand(schema));
        command.Fill(_asked, _noted);
        var reader = await session.ExecuteAsync(command.Commands).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
        {
            if (_asked.Count > 0)
            {
                while (await reader.ReadAsync().ConfigureAwait(false))
                {
                    _positive.Add(_asked[(int)reader.GetInt64(0) - 1]);
                }

                await reader.NextResultAsync().ConfigureAwait(false);
            }

            if (_noted.Count > 0)
            {
                // Past the answer to what was set.
                await reader.NextResultAsync().ConfigureAwait(false);
                while (await reader.ReadAsync().ConfigureAwait(false))
                {
                    _new.Add((reader.GetString(0), reader.GetString(1)));
                }
            }
        }
    }

    private protected override void Complete(List<SeenCall> calls)
    {
        _positive.UnionWith(_noted.Where(call => _new.Contains((call.Consumer, call.MessageId))));
        calls.ForEach(call => call.Complete(_positive.Contains(call)));
    }

    private protected override bool TryDoElsewhere(SeenCall call, Exception exception)
    {
        if (call.KeepUntil is null || exception is not PostgresException { SqlState: PostgresErrorCodes.LockNotAvailable })
        {
            return false;
        }

        _ = NoteAloneAsync(call);
        return true;
    }

    // Of those that note the same message, the first: it is seen by then for the others.
    private void Sort(List<SeenCall> calls)
    {
        _asked.Clear();
        _noted.Clear();
        _distinct.Clear();
        _new.Clear();
        _positive.Clear();
        foreach (var call in calls)
        {
            if (call.KeepUntil is null)
            {
                _asked.Add(call);
            }
            else if (_distinct.Add((call.Consumer, call.MessageId)))
            {
                _noted.Add(call);
            }
        }
    }

    private async Task NoteAloneAsync(SeenCall call)
    {
        try
        {
            call.Complete(await noteAlone(call).ConfigureAwait(false));
        }
#pragma warning disable CA1031 // Whatever it is, it is told to the one who waits.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            call.Fail(exception);
        }
    }
}
