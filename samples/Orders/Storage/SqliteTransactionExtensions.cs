using Microsoft.Data.Sqlite;

namespace Orders.Storage;

/// <summary>A command in one line, in a transaction.</summary>
internal static class SqliteTransactionExtensions
{
    /// <returns>How many rows were written.</returns>
    public static async Task<int> ExecuteAsync(
        this SqliteTransaction transaction, string sql, CancellationToken cancellationToken, params (string Name, object Value)[] parameters)
    {
        await using var command = transaction.Connection!.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
        {
            command.Parameters.AddWithValue(name, value);
        }

        return await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
