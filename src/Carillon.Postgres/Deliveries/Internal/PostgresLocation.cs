using System.Collections.Concurrent;
using System.Data.Common;
using System.Transactions;
using Npgsql;

namespace Carillon.Postgres.Deliveries.Internal;

/// <summary>Which database and which schema, how to name them, and whether a connection leads there.</summary>
internal sealed class PostgresLocation
{
    private const int MaxTargets = 100;

    private readonly ConcurrentDictionary<string, Target> _targets = new(StringComparer.Ordinal);
    private readonly string _host;
    private readonly int _port;
    private readonly string _database;

    private PostgresLocation(PostgresOptions options, NpgsqlConnectionStringBuilder builder)
    {
        _host = builder.Host ?? "localhost";
        _port = builder.Port;
        _database = builder.Database ?? builder.Username ?? "";
        KeepsSettings = builder.NoResetOnClose;
        Schema = SchemaName.Check(options.Schema);
        Description = $"PostgreSQL database '{_database}' on {_host}:{_port}, schema '{Schema}'"
            + (options.UseNotifications ? "" : " (without notifications)");
    }

    /// <summary>For messages: without credentials, and with what is not as usual.</summary>
    internal string Description { get; }

    internal string Schema { get; }

    /// <summary>Whether the pool hands on what was set on a connection.</summary>
    internal bool KeepsSettings { get; }

    /// <summary>The channel on which processes tell each other that something was written.</summary>
    internal string Channel => $"{Schema}_deliveries";

    /// <exception cref="CarillonConfigurationException">The options name no database, or a schema that cannot be.</exception>
    internal static PostgresLocation Of(PostgresOptions options)
    {
        if (options.DataSource is not null && !string.IsNullOrWhiteSpace(options.ConnectionString))
        {
            throw new CarillonConfigurationException(
                "UsePostgres was given both a connection string and a data source, of which only one can say where deliveries live: set PostgresOptions.ConnectionString or PostgresOptions.DataSource.");
        }

        var connectionString = options.DataSource?.ConnectionString ?? options.ConnectionString;
        if (string.IsNullOrWhiteSpace(connectionString))
        {
            throw new CarillonConfigurationException(
                "UsePostgres wants a connection string, \"Host=db;Database=shop;Username=shop\", or a data source: set PostgresOptions.ConnectionString or PostgresOptions.DataSource.");
        }

        try
        {
            return new PostgresLocation(options, new NpgsqlConnectionStringBuilder(connectionString));
        }
        catch (ArgumentException exception)
        {
            // The text itself may have a password in it.
            throw new CarillonConfigurationException(
                $"The connection string that UsePostgres was given cannot be read: {exception.Message.TrimEnd('.')}. It looks like \"Host=db;Database=shop;Username=shop\".", exception);
        }
    }

    /// <summary>The transaction of the application, if deliveries can be written in it.</summary>
    /// <exception cref="InvalidOperationException">It has ended, or is in another database.</exception>
    internal NpgsqlTransaction Check(DbTransaction transaction)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        var connection = ConnectionOf(transaction)
            ?? throw new InvalidOperationException("The transaction has been committed or rolled back already: deliveries are to be written before its end.");
        return WhyNotIn(connection) is { } reason
            ? throw new InvalidOperationException($"Deliveries cannot be written in this transaction: {reason}.")
            : (NpgsqlTransaction)transaction;
    }

    // Npgsql enlists a connection when it is opened in a scope. There is then no transaction of its own to write in or to commit.
    internal string? WhyNotIn(DbConnection connection) => WhyElsewhere(connection)
        ?? (Transaction.Current is not null && TargetOf(connection.ConnectionString).Enlists
            ? "the connection takes part in a TransactionScope, and has no transaction of its own: dispatch in the scope, without a unit of work; or begin the unit of work outside of it, or on "
                + "a connection with Enlist=false in its connection string"
            : null);

    /// <summary>The connection, if deliveries can be written on it in an ambient transaction.</summary>
    /// <exception cref="InvalidOperationException">It leads to another database.</exception>
    internal NpgsqlConnection CheckEnlisted(DbConnection connection)
    {
        ArgumentNullException.ThrowIfNull(connection);
        return WhyElsewhere(connection) is { } reason
            ? throw new InvalidOperationException($"Deliveries cannot be written in this ambient transaction: {reason}.")
            : (NpgsqlConnection)connection;
    }

    internal string? WhyNotEnlisted(DbConnection connection) => WhyElsewhere(connection)
        ?? (TargetOf(connection.ConnectionString).Enlists
            ? null
            : "its connection string says Enlist=false, so what the application writes on it does not belong to the TransactionScope; take that out, or dispatch outside of the scope");

    private string? WhyElsewhere(DbConnection connection)
    {
        if (connection is not NpgsqlConnection postgres)
        {
            return $"the connection is a {connection.GetType().FullName}, and deliveries are kept in the {Description}: they would not be written together";
        }

        var target = TargetOf(postgres.ConnectionString);
        return !IsSameHost(target.Host, _host) || target.Port != _port || postgres.Database != _database
            ? $"the connection is to the PostgreSQL database '{postgres.Database}' on {target.Host}:{target.Port}, and deliveries are kept in the {Description}: "
                + "use one connection string for both"
            : null;
    }

    // An application has one connection string or a few; reading one takes as long as a small query.
    private Target TargetOf(string connectionString)
    {
        if (_targets.TryGetValue(connectionString, out var target))
        {
            return target;
        }

        var builder = new NpgsqlConnectionStringBuilder(connectionString);
        target = new Target(builder.Host ?? "localhost", builder.Port, builder.Enlist);
        if (_targets.Count < MaxTargets)
        {
            _targets.TryAdd(connectionString, target);
        }

        return target;
    }

    private static bool IsSameHost(string one, string other) =>
        string.Equals(one, other, StringComparison.OrdinalIgnoreCase) || (IsLoopback(one) && IsLoopback(other));

    private static DbConnection? ConnectionOf(DbTransaction transaction)
    {
        try
        {
            return transaction.Connection;
        }
        catch (ObjectDisposedException)
        {
            return null;
        }
    }

    private static bool IsLoopback(string host) => host is "127.0.0.1" or "::1" || host.Equals("localhost", StringComparison.OrdinalIgnoreCase);

    private sealed record Target(string Host, int Port, bool Enlists);
}
