using Carillon.Deliveries;
using Npgsql;
using NpgsqlTypes;

namespace Carillon.Postgres.Deliveries.Internal;

/// <summary>Removes deliveries that are completed and not to be kept. Used by one caller at a time, and again.</summary>
internal sealed class RemoveCommand
{
    private readonly List<long> _id;
    private readonly List<long> _token;
    private readonly List<long> _at;

    internal RemoveCommand(string schema)
    {
        Command = new NpgsqlBatchCommand(SchemaName.Fill(SettleSql.Remove, schema));
        _id = Command.AddColumn<long>(NpgsqlDbType.Bigint);
        _token = Command.AddColumn<long>(NpgsqlDbType.Bigint);
        _at = Command.AddColumn<long>(NpgsqlDbType.Bigint);
    }

    internal NpgsqlBatchCommand Command { get; }

    internal void Add(Settlement settlement)
    {
        _id.Add(settlement.Delivery.Id);
        _token.Add(settlement.Delivery.Token);
        _at.Add(UnixTicks.From(settlement.At));
    }

    internal void Clear()
    {
        _id.Clear();
        _token.Clear();
        _at.Clear();
    }
}
