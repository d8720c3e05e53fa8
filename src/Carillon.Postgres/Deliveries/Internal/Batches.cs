using System.Data;
using Npgsql;

namespace Carillon.Postgres.Deliveries.Internal;

/// <summary>Sends statements together.</summary>
internal static class Batches
{
    /// <summary>
    /// One round trip. Without a transaction of the caller's it is one of its own; either way each statement sees what the ones before it have done, and what others
    /// had committed when it began. Not to be cancelled: what has been sent is carried out.
    /// </summary>
    internal static async ValueTask<NpgsqlDataReader> ExecuteAsync(
        NpgsqlConnection connection, NpgsqlTransaction? transaction, IEnumerable<NpgsqlBatchCommand> commands, bool prepare)
    {
        try
        {
            var batch = await CreateAsync(connection, transaction, commands, prepare).ConfigureAwait(false);
            return await batch.ExecuteReaderAsync(CancellationToken.None).ConfigureAwait(false);
        }
        catch (InvalidOperationException exception) when (connection.State != ConnectionState.Open)
        {
            // With Keepalive the driver closes a connection that was cut, and speaks of a wrong use when it is used then.
            throw new NpgsqlException("The connection was lost while nobody used it", exception);
        }
    }

    /// <summary>The same, ready to be sent.</summary>
    internal static async ValueTask<NpgsqlBatch> CreateAsync(
        NpgsqlConnection connection, NpgsqlTransaction? transaction, IEnumerable<NpgsqlBatchCommand> commands, bool prepare)
    {
        var batch = new NpgsqlBatch(connection, transaction);
        foreach (var command in commands)
        {
            batch.BatchCommands.Add(command);
        }

        if (prepare)
        {
            // Asks the server only the first time on this connection.
            await batch.PrepareAsync(CancellationToken.None).ConfigureAwait(false);
        }

        return batch;
    }
}
