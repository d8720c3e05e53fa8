using Carillon.Deliveries;
using Npgsql;

namespace Carillon.Postgres.Deliveries.Internal;

/// <summary>Writes new deliveries and removes completed ones, those of many callers in one round trip.</summary>
/// <remarks>
/// Only what cannot wait for the application is written here: a unique key, for example, may be held by an open transaction, and would keep everybody
/// waiting for its end.
/// </remarks>
/// <threadsafety>Safe for concurrent use.</threadsafety>
internal sealed class GroupWriter(PostgresConnections connections, PostgresLocation location)
    : CallGroups<GroupWrite, IReadOnlyList<LeasedDelivery>>(connections, location)
{
    // The runner's own.
    private readonly List<long> _ids = [];
    private readonly HashSet<(long Id, long Token)> _removed = [];
    private readonly List<NpgsqlBatchCommand> _commands = [];

    private protected override async Task CommitAsync(PostgresSession session, List<GroupWrite> calls)
    {
        Fill(session, calls);
        _ids.Clear();
        _removed.Clear();
        try
        {
            var reader = await session.ExecuteAsync(_commands).ConfigureAwait(false);
            await using (reader.ConfigureAwait(false))
            {
                var isRemoval = _commands[0] == session.Remove.Command;
                do
                {
                    while (await reader.ReadAsync().ConfigureAwait(false))
                    {
                        if (isRemoval)
                        {
                            _removed.Add((reader.GetInt64(0), reader.GetInt64(1)));
                        }
                        else
                        {
                            _ids.Add(reader.GetInt64(0));
                        }
                    }

                    isRemoval = false;
                }
                while (await reader.NextResultAsync().ConfigureAwait(false));
            }
        }
        finally
        {
            session.Insert.Clear();
            session.Remove.Clear();
        }
    }

    private void Fill(PostgresSession session, List<GroupWrite> writes)
    {
        _commands.Clear();
        var (adds, removes) = (false, false);
        foreach (var write in writes)
        {
            for (var i = 0; i < write.Added.Count; i++, adds = true)
            {
                session.Insert.Add(write.Added[i]);
            }

            for (var i = 0; i < write.Completed.Count; i++, removes = true)
            {
                session.Remove.Add(write.Completed[i]);
            }
        }

        if (removes)
        {
            _commands.Add(session.Remove.Command);
        }

        if (adds)
        {
            _commands.Add(session.Insert.Command);
        }
    }

    private protected override void Complete(List<GroupWrite> calls)
    {
        var next = 0;
        foreach (var write in calls)
        {
            for (var i = 0; i < write.Added.Count; i++)
            {
                write.Added[i].Id = _ids[next++];
            }

            List<LeasedDelivery>? lost = null;
            for (var i = 0; i < write.Completed.Count; i++)
            {
                // Taken out, so that the second settlement of one delivery finds it settled.
                var delivery = write.Completed[i].Delivery;
                if (!_removed.Remove((delivery.Id, delivery.Token)))
                {
                    (lost ??= []).Add(delivery);
                }
            }

            write.Complete(lost ?? (IReadOnlyList<LeasedDelivery>)[]);
        }
    }
}
