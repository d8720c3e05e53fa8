using System.Data.Common;
using System.Globalization;
using Carillon.EventSourcing;

namespace Carillon.Stores.Tests.EventSourcing.Applications;

/// <summary>How many items each basket has, by generation, and in which order events came.</summary>
public sealed class Baskets(ProjectionRun run, Mishaps mishaps) : IProjection
{
    [OnEvent]
    public async Task Fill(BasketFilled e, DbTransaction transaction, IEventDispatcher events, CancellationToken ct)
    {
        await mishaps.MeetAsync(e.Basket, run);
        await ExecuteAsync(transaction, string.Create(
            CultureInfo.InvariantCulture,
            $"INSERT INTO baskets (generation, basket, items) VALUES ({run.Generation}, {e.Basket}, {e.Items}) ON CONFLICT (generation, basket) DO UPDATE SET items = baskets.items + {e.Items}"), ct);
        await (mishaps.OnTaken?.Invoke(run, events) ?? Task.CompletedTask);
    }

    [OnEvent]
    public Task Empty(BasketEmptied e, DbTransaction transaction, CancellationToken ct) =>
        ExecuteAsync(transaction, string.Create(CultureInfo.InvariantCulture, $"UPDATE baskets SET items = 0 WHERE generation = {run.Generation} AND basket = {e.Basket}"), ct);

    public ValueTask PrepareAsync(ProjectionRun run, CancellationToken cancellationToken) =>
        new(ExecuteAsync(run.Transaction!, string.Create(CultureInfo.InvariantCulture, $"DELETE FROM baskets WHERE generation = {run.Generation}"), cancellationToken));

    public ValueTask RetireAsync(ProjectionRun run, CancellationToken cancellationToken) => PrepareAsync(run, cancellationToken);

    private static async Task ExecuteAsync(DbTransaction transaction, string sql, CancellationToken ct)
    {
        await using var command = transaction.Connection!.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync(ct);
    }
}
