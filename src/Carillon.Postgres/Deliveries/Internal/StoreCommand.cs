using Npgsql;
using NpgsqlTypes;

namespace Carillon.Postgres.Deliveries.Internal;

/// <summary>Statements that are sent now and then, made for one use.</summary>
internal static class StoreCommand
{
    internal static NpgsqlBatchCommand Create(string sql, string schema) => new(SchemaName.Fill(sql, schema));

    internal static NpgsqlBatchCommand With(this NpgsqlBatchCommand command, long value) => command.With(value, NpgsqlDbType.Bigint);

    internal static NpgsqlBatchCommand With(this NpgsqlBatchCommand command, string value) => command.With(StoredText.Write(value), NpgsqlDbType.Text);

    internal static NpgsqlBatchCommand With(this NpgsqlBatchCommand command, long? value)
    {
        command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Bigint, Value = value is { } number ? number : DBNull.Value });
        return command;
    }

    internal static NpgsqlBatchCommand WithText(this NpgsqlBatchCommand command, string? value)
    {
        command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Text, Value = value is null ? DBNull.Value : StoredText.Write(value) });
        return command;
    }

    internal static NpgsqlBatchCommand With(this NpgsqlBatchCommand command, IEnumerable<long> values)
    {
        command.AddColumn<long>(NpgsqlDbType.Bigint).AddRange(values);
        return command;
    }

    internal static NpgsqlBatchCommand With(this NpgsqlBatchCommand command, IEnumerable<string> values)
    {
        command.AddColumn<string>(NpgsqlDbType.Text).AddRange(values);
        return command;
    }

    internal static NpgsqlBatchCommand With<T>(this NpgsqlBatchCommand command, T value, NpgsqlDbType type)
    {
        command.AddValue<T>(type).TypedValue = value;
        return command;
    }
}
