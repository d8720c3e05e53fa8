using System.Data;
using Npgsql;

namespace Carillon.Postgres.Deliveries.Internal;

/// <summary>A connection of the store's own. Used by one caller at a time.</summary>
internal sealed class PostgresSession(NpgsqlConnection connection, bool prepares) : IAsyncDisposable
{
    internal NpgsqlConnection Connection => connection;

    internal bool IsOpen => connection.State == ConnectionState.Open;

    internal long RestsSince { get; set; }

    public ValueTask DisposeAsync() => connection.DisposeAsync();

    internal async ValueTask<bool> IsAliveAsync()
    {
        try
        {
            var ping = new NpgsqlCommand("SELECT 1", connection);
            await using (ping.ConfigureAwait(false))
            {
                await ping.ExecuteNonQueryAsync().ConfigureAwait(false);
            }

            return true;
        }
        catch (Exception exception) when (PostgresFault.IsFault(exception))
        {
            return false;
        }
    }

    /// <summary>
    /// Sends statements together: one round trip, and one transaction of their own. Each sees what the ones before it have done, and what others had
    /// committed when it began.
    /// </summary>
    internal ValueTask<NpgsqlDataReader> ExecuteAsync(IEnumerable<NpgsqlBatchCommand> commands) => Batches.ExecuteAsync(connection, null, commands, prepares);
}
