using System.Data;
using Npgsql;

namespace Carillon.Postgres.Deliveries.Internal;

/// <summary>A connection of the store's own, with the commands that are prepared on it. Used by one caller at a time.</summary>
/// <remarks>
/// A command belongs to the connection on which it was prepared: Npgsql would send the name of its statement to another one, where nothing or something else has
/// that name.
/// </remarks>
internal sealed class PostgresSession(NpgsqlConnection connection, string schema, bool prepares) : IAsyncDisposable
{
    private readonly Dictionary<Type, object> _others = [];
    private InsertCommand? _insert;
    private RemoveCommand? _remove;
    private ClaimCommand? _claim;
    private TurnsCommand? _turns;
    private SettleCommand? _settle;

    internal InsertCommand Insert => _insert ??= new InsertCommand(InsertSql.Insert, schema);

    internal RemoveCommand Remove => _remove ??= new RemoveCommand(schema);

    internal ClaimCommand Claim => _claim ??= new ClaimCommand(schema);

    internal TurnsCommand Turns => _turns ??= new TurnsCommand(schema);

    internal SettleCommand Settle => _settle ??= new SettleCommand(schema);

    /// <summary>The commands of another part of the store, made once for this connection.</summary>
    internal TCommands Of<TCommands>(Func<string, TCommands> create)
        where TCommands : class
    {
        if (!_others.TryGetValue(typeof(TCommands), out var commands))
        {
            _others.Add(typeof(TCommands), commands = create(schema));
        }

        return (TCommands)commands;
    }

    internal bool IsOpen => connection.State == ConnectionState.Open;

    internal long RestsSince { get; set; }

    public ValueTask DisposeAsync() => connection.DisposeAsync();

    internal ValueTask<bool> IsAliveAsync() => TryExecuteAsync("SELECT 1");

    /// <returns>False if the connection has broken meanwhile.</returns>
    internal async ValueTask<bool> TryExecuteAsync(string sql)
    {
        try
        {
            var command = new NpgsqlCommand(sql, connection);
            await using (command.ConfigureAwait(false))
            {
                await command.ExecuteNonQueryAsync().ConfigureAwait(false);
            }

            return true;
        }
        catch (Exception exception) when (PostgresFault.IsFault(exception) || !IsOpen)
        {
            return false;
        }
    }

    /// <summary>Sends statements together, in one transaction of their own: see <see cref="Batches"/>.</summary>
    internal ValueTask<NpgsqlDataReader> ExecuteAsync(IEnumerable<NpgsqlBatchCommand> commands) => Batches.ExecuteAsync(connection, null, commands, prepares);
}
