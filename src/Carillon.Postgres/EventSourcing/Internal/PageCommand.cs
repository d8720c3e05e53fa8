using Carillon.EventSourcing;
using Carillon.Postgres.Deliveries.Internal;
using Npgsql;
using NpgsqlTypes;

namespace Carillon.Postgres.EventSourcing.Internal;

/// <summary>Reads one page of all events. Used by one caller at a time, and again.</summary>
internal sealed class PageCommand
{
    private readonly NpgsqlParameter<long> _after;
    private readonly NpgsqlParameter<long> _upTo;
    private readonly NpgsqlParameter<long> _count;

    private PageCommand(string schema, string sql)
    {
        var command = StoreCommand.Create(sql, schema);
        _after = command.AddValue<long>(NpgsqlDbType.Bigint);
        _upTo = command.AddValue<long>(NpgsqlDbType.Bigint);
        _count = command.AddValue<long>(NpgsqlDbType.Bigint);
        Commands = [command];
    }

    internal NpgsqlBatchCommand[] Commands { get; }

    internal void Fill(long after, long upTo, int count) => (_after.TypedValue, _upTo.TypedValue, _count.TypedValue) = (after, upTo, count);

    /// <summary>Both directions.</summary>
    internal sealed class Both(string schema)
    {
        private PageCommand? _forwards;
        private PageCommand? _backwards;

        internal PageCommand For(ReadDirection direction) => direction == ReadDirection.Forwards
            ? _forwards ??= new PageCommand(schema, EventSql.ReadAllForwards)
            : _backwards ??= new PageCommand(schema, EventSql.ReadAllBackwards);
    }
}
