using System.Data.Common;
using System.Globalization;
using Carillon.EventSourcing;

namespace Carillon.Benchmarks.Patterns.EventSourcing;

/// <summary>How many items each of a hundred baskets has. Gathered in memory, and written with one statement a batch.</summary>
public sealed class BasketItems : IProjection
{
    private readonly Dictionary<int, long> _items = [];

    [OnEvent]
    public void Move(ItemsMoved e) => _items[e.Basket] = _items.GetValueOrDefault(e.Basket) + e.Items;

    public async ValueTask CompleteBatchAsync(ProjectionRun run, CancellationToken cancellationToken)
    {
        await using var command = run.Transaction!.Connection!.CreateCommand();
        command.Transaction = run.Transaction;
        command.CommandText =
            $"""
            INSERT INTO {History.Schema}.items AS i (generation, basket, items) SELECT $1, n.basket, n.items FROM unnest($2::int[], $3::bigint[]) AS n (basket, items)
            ON CONFLICT (generation, basket) DO UPDATE SET items = i.items + excluded.items
            """;
        Add(command, run.Generation);
        Add(command, _items.Keys.ToArray());
        Add(command, _items.Values.ToArray());
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public async ValueTask RetireAsync(ProjectionRun run, CancellationToken cancellationToken)
    {
        await using var command = run.Transaction!.Connection!.CreateCommand();
        command.Transaction = run.Transaction;
        command.CommandText = string.Create(CultureInfo.InvariantCulture, $"DELETE FROM {History.Schema}.items WHERE generation = {run.Generation}");
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static void Add(DbCommand command, object value)
    {
        var parameter = command.CreateParameter();
        parameter.Value = value;
        command.Parameters.Add(parameter);
    }
}
