using Carillon.Deliveries;
using Npgsql;

namespace Carillon.Postgres.Deliveries.Internal;

/// <summary>Runs what is asked for now and then, on a connection of the application's pool, with the plans that the server thinks best.</summary>
/// <threadsafety>Safe for concurrent use.</threadsafety>
internal sealed class StoreRunner(PostgresConnections connections, PostgresLocation location)
{
    internal string Schema => location.Schema;

    /// <summary>Several statements in one transaction of their own, which is run again if it lost against another one.</summary>
    /// <param name="what">What they do, for messages.</param>
    /// <param name="create">The statements; called for each try.</param>
    /// <param name="read">Reads the results.</param>
    /// <param name="cancellationToken">Gives up as long as nothing has been sent.</param>
    internal async ValueTask<TResult> RunAsync<TResult>(
        string what, Func<IEnumerable<NpgsqlBatchCommand>> create, Func<NpgsqlDataReader, Task<TResult>> read, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var connection = await connections.OpenAsync(what, cancellationToken).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            for (var tries = 1; ; tries++)
            {
                try
                {
                    var reader = await Batches.ExecuteAsync(connection, null, create(), prepare: false).ConfigureAwait(false);
                    await using (reader.ConfigureAwait(false))
                    {
                        return await read(reader).ConfigureAwait(false);
                    }
                }
                catch (PostgresException exception) when (PostgresFault.IsWorthAnotherTry(exception, tries))
                {
                }
                catch (Exception exception) when (PostgresFault.IsFault(exception))
                {
                    throw PostgresFault.Explain(what, location, exception, wasSent: true);
                }
            }
        }
    }

    internal ValueTask<List<TRow>> ListAsync<TRow>(
        string what, Func<NpgsqlBatchCommand> create, Func<NpgsqlDataReader, TRow> read, CancellationToken cancellationToken) =>
        RunAsync(what, () => [create()], reader => ReadAllAsync(reader, read), cancellationToken);

    /// <summary>The rows of the result at which the reader stands.</summary>
    internal static async Task<List<TRow>> ReadAllAsync<TRow>(NpgsqlDataReader reader, Func<NpgsqlDataReader, TRow> read)
    {
        var rows = new List<TRow>();
        while (await reader.ReadAsync().ConfigureAwait(false))
        {
            rows.Add(read(reader));
        }

        return rows;
    }
}
