using Carillon.Deliveries;
using Carillon.Postgres.Deliveries.Internal;
using Carillon.Transports;
using Npgsql;

namespace Carillon.Postgres.Transports.Internal;

/// <summary>Sends statements together, in one transaction of their own, on a connection that the transport keeps.</summary>
/// <threadsafety>Safe for concurrent use.</threadsafety>
internal sealed class TransportCalls(PostgresConnections connections, PostgresLocation location)
{
    private readonly StoreCalls _calls = new(connections, location);

    internal string Schema => location.Schema;

    /// <param name="what">What they do, for messages.</param>
    /// <param name="create">The statements; called for each try.</param>
    /// <param name="read">Reads the results.</param>
    /// <param name="cancellationToken">Gives up as long as nothing has been sent.</param>
    /// <exception cref="TransportException">The database cannot be reached, or has refused it.</exception>
    internal async ValueTask<TResult> RunAsync<TResult>(
        string what, Func<IEnumerable<NpgsqlBatchCommand>> create, Func<NpgsqlDataReader, Task<TResult>> read, CancellationToken cancellationToken)
    {
        try
        {
            return await _calls.RunAsync(what, _ => create(), reader => new ValueTask<TResult>(read(reader)), cancellationToken).ConfigureAwait(false);
        }
        catch (DeliveryStoreException fault)
        {
            throw TransportFault.Explain(fault);
        }
        catch (ObjectDisposedException)
        {
            throw new TransportException($"Could not {what}: the transport to the {location.Description} is closed. The host is stopping.");
        }
    }

    /// <summary>One statement, whose rows are read.</summary>
    /// <exception cref="TransportException">The database cannot be reached, or has refused it.</exception>
    internal ValueTask<List<TRow>> ListAsync<TRow>(
        string what, Func<NpgsqlBatchCommand> create, Func<NpgsqlDataReader, TRow> read, CancellationToken cancellationToken) =>
        RunAsync(what, () => [create()], reader => StoreRunner.ReadAllAsync(reader, read), cancellationToken);

    internal NpgsqlBatchCommand Command(string sql) => StoreCommand.Create(sql, Schema);
}
