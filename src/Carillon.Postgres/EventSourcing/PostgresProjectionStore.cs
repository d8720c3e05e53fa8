using System.Data.Common;
using Carillon.EventSourcing;
using Carillon.Postgres.Deliveries.Internal;
using Carillon.Postgres.EventSourcing.Internal;
using Npgsql;
using NpgsqlTypes;

namespace Carillon.Postgres.EventSourcing;

/// <summary>How far projections have come, in PostgreSQL.</summary>
internal sealed class PostgresProjectionStore(PostgresConnections connections, PostgresLocation location) : IProjectionStore
{
    private readonly StoreCalls _calls = new(connections, location);

    public ValueTask<IReadOnlyList<ProjectionSnapshot>> ListAsync(string? name, CancellationToken cancellationToken) =>
        _calls.RunAsync(null, "list projections", () => Create(ProjectionSql.List).WithText(name), ReadAllAsync, cancellationToken);

    public async ValueTask EnsureAsync(string name, CancellationToken cancellationToken) =>
        await _calls.RunAsync(null, $"note the projection '{name}'", () => Create(ProjectionSql.Ensure).With(name), HasRowAsync, cancellationToken).ConfigureAwait(false);

    public ValueTask<ProjectionLease?> BeginAsync(string name, string owner, DateTimeOffset now, DateTimeOffset until, CancellationToken cancellationToken) =>
        _calls.RunAsync(
            $"begin to rebuild the projection '{name}'",
            _ =>
            [
                Create(ProjectionSql.Lock).With(name),
                Create(ProjectionSql.RetireAbandoned).With(name).With(UnixTicks.From(now)),
                Create(ProjectionSql.Begin).With(name).With(owner).With(UnixTicks.From(until)),
            ],
            async reader =>
            {
                await reader.NextResultAsync().ConfigureAwait(false);
                return await reader.ReadAsync().ConfigureAwait(false) ? new ProjectionLease(name, reader.GetInt32(0), 1, 0) : null;
            },
            cancellationToken);

    public ValueTask<ProjectionLease?> LeaseAsync(
        string name, int generation, string owner, DateTimeOffset now, DateTimeOffset until, CancellationToken cancellationToken) =>
        _calls.RunAsync(
            null,
            $"lease the projection '{name}'",
            () => Create(ProjectionSql.Lease).With(name).With(generation, NpgsqlDbType.Integer).With(owner).With(UnixTicks.From(now)).With(UnixTicks.From(until)),
            async reader => await reader.ReadAsync().ConfigureAwait(false) ? new ProjectionLease(name, generation, reader.GetInt64(0), reader.GetInt64(1)) : null,
            cancellationToken);

    public ValueTask<bool> AdvanceAsync(DbTransaction? transaction, ProjectionLease lease, long position, DateTimeOffset until, CancellationToken cancellationToken) =>
        transaction is null
            ? _calls.RunAsync(null, Words(lease), () => Advance(lease, position, until), HasRowAsync, cancellationToken)
            : _calls.JoinAsync(transaction, Words(lease), [Of(lease, ProjectionSql.CommitLazily), Advance(lease, position, until)], HasRowBehindAsync);

    public async ValueTask ReleaseAsync(ProjectionLease lease, string? error, long? failedPosition, CancellationToken cancellationToken) =>
        await _calls.RunAsync(
            null,
            $"give the lease of the projection '{lease.Name}' back",
            () => Of(lease, ProjectionSql.Release).WithText(error).With(failedPosition),
            HasRowAsync,
            cancellationToken).ConfigureAwait(false);

    public ValueTask<bool> PauseAsync(string name, CancellationToken cancellationToken) =>
        _calls.RunAsync(null, $"pause the projection '{name}'", () => Create(ProjectionSql.Pause).With(name), HasRowAsync, cancellationToken);

    public ValueTask<bool> ResumeAsync(string name, bool skipsFailed, CancellationToken cancellationToken) =>
        _calls.RunAsync(
            null, $"resume the projection '{name}'", () => Create(ProjectionSql.Resume).With(name).With(skipsFailed, NpgsqlDbType.Boolean), HasRowAsync, cancellationToken);

    public ValueTask<bool> SwitchAsync(DbTransaction? transaction, ProjectionLease lease, CancellationToken cancellationToken)
    {
        var what = $"switch the projection '{lease.Name}' to generation {lease.Generation}";
        IEnumerable<NpgsqlBatchCommand> Commands() => [Of(lease, ProjectionSql.RetireLive), Of(lease, ProjectionSql.MakeLive)];
        return transaction is null
            ? _calls.RunAsync(what, _ => Commands(), HasRowAsync, cancellationToken)
            : _calls.JoinAsync(transaction, what, Commands(), HasRowAsync);
    }

    public ValueTask<bool> ForgetAsync(DbTransaction? transaction, string name, int generation, CancellationToken cancellationToken) =>
        _calls.RunAsync(
            transaction,
            $"forget generation {generation} of the projection '{name}'",
            () => Create(ProjectionSql.Forget).With(name).With(generation, NpgsqlDbType.Integer),
            HasRowAsync,
            cancellationToken);

    private NpgsqlBatchCommand Advance(ProjectionLease lease, long position, DateTimeOffset until) =>
        Of(lease, ProjectionSql.Advance).With(position).With(UnixTicks.From(until));

    private static string Words(ProjectionLease lease) => $"write how far the projection '{lease.Name}' has come";

    private static async ValueTask<bool> HasRowBehindAsync(NpgsqlDataReader reader)
    {
        await reader.NextResultAsync().ConfigureAwait(false);
        return await reader.ReadAsync().ConfigureAwait(false);
    }

    private NpgsqlBatchCommand Create(string sql) => StoreCommand.Create(sql, location.Schema);

    private NpgsqlBatchCommand Of(ProjectionLease lease, string sql) =>
        Create(sql).With(lease.Name).With(lease.Generation, NpgsqlDbType.Integer).With(lease.Token);

    private static async ValueTask<bool> HasRowAsync(NpgsqlDataReader reader) => await reader.ReadAsync().ConfigureAwait(false);

    private static async ValueTask<IReadOnlyList<ProjectionSnapshot>> ReadAllAsync(NpgsqlDataReader reader)
    {
        var rows = new List<ProjectionSnapshot>();
        while (await reader.ReadAsync().ConfigureAwait(false))
        {
            rows.Add(new ProjectionSnapshot
            {
                Name = StoredText.Read(reader.GetString(0)),
                Generation = reader.GetInt32(1),
                Role = (ProjectionRole)reader.GetInt16(2),
                Status = (ProjectionStatus)reader.GetInt16(3),
                Position = reader.GetInt64(4),
                FailedPosition = await reader.IsDBNullAsync(5).ConfigureAwait(false) ? null : reader.GetInt64(5),
                Error = reader.GetText(6),
                Owner = reader.GetText(7),
                LeaseUntil = await reader.IsDBNullAsync(8).ConfigureAwait(false) ? null : UnixTicks.ToTime(reader.GetInt64(8)),
            });
        }

        return rows;
    }
}
