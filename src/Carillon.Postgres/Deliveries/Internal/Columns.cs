using Npgsql;
using NpgsqlTypes;

namespace Carillon.Postgres.Deliveries.Internal;

/// <summary>Parameters of a statement that takes many rows at once: an array for each column, whose list is filled anew for each use.</summary>
internal static class Columns
{
    internal static List<T> AddColumn<T>(this NpgsqlBatchCommand command, NpgsqlDbType type)
    {
        var values = new List<T>();
        command.Parameters.Add(new NpgsqlParameter<List<T>> { TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | type });
        return values;
    }

    internal static NpgsqlParameter<T> AddValue<T>(this NpgsqlBatchCommand command, NpgsqlDbType type)
    {
        var value = new NpgsqlParameter<T> { NpgsqlDbType = type };
        command.Parameters.Add(value);
        return value;
    }
}
