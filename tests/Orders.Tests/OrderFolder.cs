using Carillon.Deliveries;
using Carillon.Sagas;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace Orders.Tests;

/// <summary>The files of the sample in a folder of the test, and what is in them.</summary>
internal sealed class OrderFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("orders-");

    public string Path => _folder.FullName;

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        _folder.Delete(recursive: true);
    }

    /// <summary>Stock, bank, shipments: one line each.</summary>
    public IReadOnlyList<string> Effects(string id) =>
    [
        .. Read("shop.db", "SELECT 'stock ' || sku || ' ' || on_hand || ' ' || reserved FROM stock ORDER BY sku"),
        .. Read("bank.db", $"SELECT 'payment ' || amount || CASE paid_back WHEN 1 THEN ' paid back' ELSE '' END FROM payment WHERE order_id = '{id}'"),
        .. Read("shop.db", $"SELECT 'shipment ' || sku FROM shipment WHERE order_id = '{id}'"),
    ];

    public async Task<(SagaDetails Saga, IReadOnlyList<DeliverySnapshot> Left)> ReadAsync(string id)
    {
        var cancel = TestContext.Current.CancellationToken;
        await using var services = new ServiceCollection().AddOrders(new OrdersOptions(Path)).BuildServiceProvider();
        await services.GetRequiredService<IDeliveryStore>().PrepareAsync(cancel);
        var saga = await services.GetRequiredService<ISagas>().FindAsync("order", id, cancel);
        var left = await services.GetRequiredService<IDeliveries>().ListAsync(new DeliveryQuery { PageSize = 1000 }, cancel);
        return (saga.ShouldNotBeNull(), left);
    }

    private List<string> Read(string file, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={System.IO.Path.Combine(Path, file)}");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var lines = new List<string>();
        while (reader.Read())
        {
            lines.Add(reader.GetString(0));
        }

        return lines;
    }
}
