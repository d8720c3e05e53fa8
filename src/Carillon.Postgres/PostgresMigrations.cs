using Carillon.Postgres.Deliveries.Internal;

namespace Carillon.Postgres;

/// <summary>The migrations of the store's schema, for those who apply their own.</summary>
public static class PostgresMigrations
{
    /// <summary>The version to which this package brings the schema.</summary>
    public static int Version => PostgresSchema.Version;

    /// <summary>
    /// The SQL that brings the schema up to date, for <c>psql</c> or a migration tool: from nothing, or from the version that is there.
    /// </summary>
    /// <param name="fromVersion">The version that is there; 0, the default, for none.</param>
    /// <param name="schema">The name of the schema, as in <see cref="PostgresOptions.Schema"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such version.</exception>
    /// <exception cref="CarillonException">The schema cannot have this name.</exception>
    public static string Script(int fromVersion = 0, string schema = PostgresOptions.DefaultSchema)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(fromVersion);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(fromVersion, Version);
        return PostgresSchema.Script(fromVersion, SchemaName.Check(schema));
    }
}
