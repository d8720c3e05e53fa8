using System.Data.Common;
using Carillon.Transactions;
using Npgsql;

namespace Carillon.Postgres.Deliveries.Internal;

/// <summary>Sends statements either in the application's transaction or in one of the store's own.</summary>
/// <threadsafety>Safe for concurrent use.</threadsafety>
internal sealed class StoreCalls(PostgresConnections connections, PostgresLocation location)
{
    internal string Schema => location.Schema;

    internal string Description => location.Description;

    /// <summary>In the application's transaction.</summary>
    /// <exception cref="Carillon.Deliveries.DeliveryStoreException">The server could not.</exception>
    internal async ValueTask<TResult> JoinAsync<TResult>(
        DbTransaction transaction, string what, IEnumerable<NpgsqlBatchCommand> commands, Func<NpgsqlDataReader, ValueTask<TResult>> read)
    {
        var (connection, postgres) = Check(transaction);
        try
        {
            var reader = await Batches.ExecuteAsync(connection, postgres, commands, prepare: false).ConfigureAwait(false);
            await using (reader.ConfigureAwait(false))
            {
                return await read(reader).ConfigureAwait(false);
            }
        }
        catch (Exception exception) when (PostgresFault.IsFault(exception))
        {
            throw PostgresFault.Explain($"{what} in the application's transaction", location, exception, wasSent: false);
        }
    }

    // An ambient transaction is that of its connection.
    private (NpgsqlConnection Connection, NpgsqlTransaction? Transaction) Check(DbTransaction transaction)
    {
        if (transaction is EnlistedTransaction enlisted)
        {
            return (location.CheckEnlisted(enlisted.Connection!), null);
        }

        var postgres = location.Check(transaction);
        return (postgres.Connection!, postgres);
    }

    /// <summary>In a transaction of its own, on a connection that the store keeps; run again if it lost against another one.</summary>
    /// <exception cref="Carillon.Deliveries.DeliveryStoreException">The server could not.</exception>
    internal async ValueTask<TResult> RunAsync<TResult>(
        string what,
        Func<PostgresSession, IEnumerable<NpgsqlBatchCommand>> create,
        Func<NpgsqlDataReader, ValueTask<TResult>> read,
        CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var session = await connections.RentAsync(what, cancellationToken).ConfigureAwait(false);
        try
        {
            for (var tries = 1; ; tries++)
            {
                try
                {
                    var reader = await session.ExecuteAsync(create(session)).ConfigureAwait(false);
                    await using (reader.ConfigureAwait(false))
                    {
                        return await read(reader).ConfigureAwait(false);
                    }
                }
                catch (PostgresException exception) when (PostgresFault.IsWorthAnotherTry(exception, tries))
                {
                }
            }
        }
        catch (Exception exception) when (PostgresFault.IsFault(exception))
        {
            throw PostgresFault.Explain(what, location, exception, wasSent: true);
        }
        finally
        {
            await connections.ReturnAsync(session).ConfigureAwait(false);
        }
    }

    /// <summary>In the transaction, if there is one.</summary>
    internal ValueTask<TResult> RunAsync<TResult>(
        DbTransaction? transaction, string what, Func<NpgsqlBatchCommand> create, Func<NpgsqlDataReader, ValueTask<TResult>> read, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return transaction is null ? RunAsync(what, _ => [create()], read, cancellationToken) : JoinAsync(transaction, what, [create()], read);
    }
}
