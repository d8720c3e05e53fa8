using System.Transactions;
using Carillon.Deliveries;
using Npgsql;

namespace Carillon.Postgres.Deliveries.Internal;

/// <summary>Opens connections: the application's way, and never as a part of what surrounds the caller.</summary>
/// <threadsafety>Safe for concurrent use.</threadsafety>
internal sealed class PostgresConnections(PostgresOptions options, PostgresLocation location, TimeProvider time) : IAsyncDisposable
{
    // An idle connection may have been cut by a server that restarted or by a firewall. Who has rested longer is asked first.
    private static readonly TimeSpan TrustedFor = TimeSpan.FromSeconds(5);

    private const int MaxIdle = 4;

    // Leases, settlements and writes go through indexes whatever the statistics say: a plan that was made while the table was empty would read all of it later. And so
    // each is planned once; PostgreSQL by itself would do it anew each time, which takes as long as carrying it out.
    private const string SetUp = "SET enable_seqscan = off; SET enable_bitmapscan = off; SET plan_cache_mode = force_generic_plan; SET jit = off";

    // What a pool does for itself unless it is told not to.
    private const string TakeDown = "RESET enable_seqscan; RESET enable_bitmapscan; RESET plan_cache_mode; RESET jit";

    private readonly NpgsqlDataSource _source = options.DataSource ?? Build(options.ConnectionString);
    private readonly NpgsqlDataSource? _direct = options.NotificationConnectionString is { } direct ? Build(direct) : null;
    private readonly bool _takesDown = options.UsePreparedStatements && location.KeepsSettings;
    private readonly Stack<PostgresSession> _idle = new();
    private readonly Lock _gate = new();
    private bool _disposed;

    internal bool Prepares => options.UsePreparedStatements;

    /// <summary>A connection from the application's pool, as the application would open it.</summary>
    /// <exception cref="DeliveryStoreException">The database cannot be reached.</exception>
    internal ValueTask<NpgsqlConnection> OpenAsync(string what, CancellationToken cancellationToken) => OpenAsync(_source, what, cancellationToken);

    /// <summary>
    /// A connection that takes part in what surrounds the caller: of the pool that the application has with this connection string or data source, which keeps those that were closed
    /// in the transaction until it ends, and gives them back in it.
    /// </summary>
    /// <exception cref="DeliveryStoreException">The database cannot be reached.</exception>
    internal async ValueTask<NpgsqlConnection> OpenEnlistedAsync(string what, CancellationToken cancellationToken)
    {
        var connection = options.DataSource?.CreateConnection() ?? new NpgsqlConnection(options.ConnectionString);
        try
        {
            await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
            // Nothing new, unless the connection string says Enlist=false.
            connection.EnlistTransaction(Transaction.Current);
            return connection;
        }
        catch (Exception exception)
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            if (PostgresFault.IsFault(exception))
            {
                throw PostgresFault.Explain(what, location, exception, wasSent: false);
            }

            throw;
        }
    }

    /// <summary>A connection for notifications, which stays open.</summary>
    /// <exception cref="DeliveryStoreException">The database cannot be reached.</exception>
    internal ValueTask<NpgsqlConnection> OpenDirectAsync(string what, CancellationToken cancellationToken) =>
        OpenAsync(_direct ?? _source, what, cancellationToken);

    /// <summary>One of the few connections that the store keeps for what it does all the time.</summary>
    /// <exception cref="DeliveryStoreException">The database cannot be reached.</exception>
    internal async ValueTask<PostgresSession> RentAsync(string what, CancellationToken cancellationToken)
    {
        while (TakeIdle() is { } session)
        {
            // With Keepalive the driver closes one that was cut while it rests here.
            if (session.IsOpen && (time.GetElapsedTime(session.RestsSince) < TrustedFor || await session.IsAliveAsync().ConfigureAwait(false)))
            {
                return session;
            }

            await EndAsync(session).ConfigureAwait(false);
        }

        var connection = await OpenAsync(what, cancellationToken).ConfigureAwait(false);
        try
        {
            if (Prepares)
            {
                var setUp = new NpgsqlCommand(SetUp, connection);
                await using (setUp.ConfigureAwait(false))
                {
                    await setUp.ExecuteNonQueryAsync(CancellationToken.None).ConfigureAwait(false);
                }
            }

            return new PostgresSession(connection, location.Schema, Prepares);
        }
        catch (Exception exception)
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            if (PostgresFault.IsFault(exception))
            {
                throw PostgresFault.Explain(what, location, exception, wasSent: false);
            }

            throw;
        }
    }

    /// <summary>Gives a session back; one that broke is closed.</summary>
    internal async ValueTask ReturnAsync(PostgresSession session)
    {
        if (session.IsOpen)
        {
            session.RestsSince = time.GetTimestamp();
            lock (_gate)
            {
                if (!_disposed && _idle.Count < MaxIdle)
                {
                    _idle.Push(session);
                    return;
                }
            }
        }

        await EndAsync(session).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            _disposed = true;
        }

        while (TakeIdle() is { } session)
        {
            await EndAsync(session).ConfigureAwait(false);
        }

        if (options.DataSource is null)
        {
            await _source.DisposeAsync().ConfigureAwait(false);
        }

        if (_direct is not null)
        {
            await _direct.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async ValueTask EndAsync(PostgresSession session)
    {
        if (_takesDown && session.IsOpen)
        {
            await session.TryExecuteAsync(TakeDown).ConfigureAwait(false);
        }

        await session.DisposeAsync().ConfigureAwait(false);
    }

    private static NpgsqlDataSource Build(string connectionString)
    {
        var builder = new NpgsqlSlimDataSourceBuilder(connectionString);
        builder.EnableArrays();
        builder.EnableTransportSecurity();
        builder.EnableIntegratedSecurity();
        return builder.Build();
    }

    private PostgresSession? TakeIdle()
    {
        lock (_gate)
        {
            return _idle.TryPop(out var session) ? session : null;
        }
    }

    private async ValueTask<NpgsqlConnection> OpenAsync(NpgsqlDataSource source, string what, CancellationToken cancellationToken)
    {
        try
        {
            // Whoever calls inside a TransactionScope must not have the store's own connections enlisted in it.
            using var alone = Transaction.Current is null ? null : new TransactionScope(TransactionScopeOption.Suppress, TransactionScopeAsyncFlowOption.Enabled);
            return await source.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (PostgresFault.IsFault(exception))
        {
            throw PostgresFault.Explain(what, location, exception, wasSent: false);
        }
    }
}
