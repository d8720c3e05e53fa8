using System.Data.Common;

namespace Carillon.Killing.App.Database;

/// <summary>The application's own statements: the same words for every database.</summary>
internal static class Commands
{
    internal static DbCommand Of(DbConnection connection, DbTransaction? transaction, string sql, params (string Name, object Value)[] parameters)
    {
        var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (name, value);
            command.Parameters.Add(parameter);
        }

        return command;
    }

    /// <summary>The next number of a key. Whoever has taken one keeps others from the next until the end of the transaction: numbers are in the order of the commits.</summary>
    internal static async ValueTask<long> TakeNumberAsync(this DbConnection connection, DbTransaction? transaction, string key, CancellationToken cancellationToken)
    {
        await using var command = Of(
            connection,
            transaction,
            "INSERT INTO keys (key, number) VALUES (@key, 1) ON CONFLICT (key) DO UPDATE SET number = keys.number + 1 RETURNING number",
            ("key", key));
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    internal static async ValueTask AddOrderAsync(
        this DbConnection connection, DbTransaction? transaction, OrderPlaced order, bool promised, CancellationToken cancellationToken)
    {
        await using var command = Of(
            connection,
            transaction,
            "INSERT INTO orders (id, key, number, promised) VALUES (@id, @key, @number, @promised)",
            ("id", order.Id),
            ("key", order.Key),
            ("number", order.Number),
            ("promised", promised ? 1L : 0L));
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    internal static async ValueTask PromiseAsync(this DbConnection connection, OrderPlaced order, CancellationToken cancellationToken)
    {
        await using var command = Of(connection, transaction: null, "UPDATE orders SET promised = 1 WHERE id = @id", ("id", order.Id));
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    internal static async ValueTask AddEffectAsync(
        this DbConnection connection, DbTransaction? transaction, string id, string listener, CancellationToken cancellationToken)
    {
        await using var command = Of(
            connection, transaction, "INSERT INTO effects (id, listener) VALUES (@id, @listener)", ("id", id), ("listener", listener));
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
