using Carillon.Deliveries;
using Npgsql;
using NpgsqlTypes;

namespace Carillon.Postgres.Deliveries.Internal;

/// <summary>What both statements that lease want to know: $1 to $6.</summary>
internal sealed class ClaimParameters
{
    private readonly NpgsqlParameter<string> _queue;
    private readonly NpgsqlParameter<long> _now;
    private readonly NpgsqlParameter<long> _count;
    private readonly NpgsqlParameter<long> _limit;
    private readonly NpgsqlParameter<long> _until;
    private readonly NpgsqlParameter<string> _owner;

    internal ClaimParameters(NpgsqlBatchCommand command)
    {
        _queue = command.AddValue<string>(NpgsqlDbType.Text);
        _now = command.AddValue<long>(NpgsqlDbType.Bigint);
        _count = command.AddValue<long>(NpgsqlDbType.Bigint);
        _limit = command.AddValue<long>(NpgsqlDbType.Bigint);
        _until = command.AddValue<long>(NpgsqlDbType.Bigint);
        _owner = command.AddValue<string>(NpgsqlDbType.Text);
    }

    internal void Fill(LeaseRequest request, int count)
    {
        _queue.TypedValue = StoredText.Write(request.Queue);
        _now.TypedValue = UnixTicks.From(request.Now);
        _count.TypedValue = count;
        _limit.TypedValue = Math.Max(request.Limit, 0);
        _until.TypedValue = UnixTicks.From(request.Lease.Until);
        _owner.TypedValue = StoredText.Write(request.Lease.Owner);
    }
}
