using Carillon.Deliveries;
using Carillon.Killing.App.Database;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Killing.App.Proof;

/// <summary>What the database holds when everything has ended.</summary>
internal sealed class Aftermath
{
    internal required IReadOnlyList<Order> Orders { get; init; }

    /// <summary>In the order in which they were written.</summary>
    internal required IReadOnlyList<(string Id, string Listener)> Effects { get; init; }

    internal required IReadOnlyDictionary<DeliveryState, long> Left { get; init; }

    internal static async Task<Aftermath> ReadAsync(ShopDatabase database)
    {
        await using var services = new ServiceCollection().AddCarillon(database.Use).BuildServiceProvider();
        await services.GetRequiredService<IDeliveryStore>().PrepareAsync(CancellationToken.None);
        return new Aftermath
        {
            Orders = await ReadAsync(
                database, "SELECT id, key, number, promised FROM orders", row => new Order(row.GetString(0), row.GetString(1), row.GetInt64(2), row.GetInt64(3) == 1)),
            Effects = await ReadAsync(database, "SELECT id, listener FROM effects ORDER BY seq", row => (row.GetString(0), row.GetString(1))),
            Left = await services.GetRequiredService<IDeliveries>().CountAsync(),
        };
    }

    private static async Task<List<T>> ReadAsync<T>(ShopDatabase database, string sql, Func<System.Data.Common.DbDataReader, T> read)
    {
        await using var connection = await database.OpenAsync(CancellationToken.None);
        await using var command = Commands.Of(connection, transaction: null, sql);
        await using var rows = await command.ExecuteReaderAsync();
        var all = new List<T>();
        while (await rows.ReadAsync())
        {
            all.Add(read(rows));
        }

        return all;
    }

    /// <param name="Id">Its id.</param>
    /// <param name="Key">What it is about.</param>
    /// <param name="Number">Its place among those of its key.</param>
    /// <param name="IsPromised">Whether it was committed together with its deliveries, or its dispatch has returned.</param>
    internal sealed record Order(string Id, string Key, long Number, bool IsPromised);
}
