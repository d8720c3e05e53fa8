using Microsoft.Data.Sqlite;

namespace Orders.Storage;

/// <summary>The shop's database. Deliveries and sagas live in the same file, so that one transaction writes all of it.</summary>
internal sealed class Shop(OrdersOptions options)
{
    public SqliteConnection Open()
    {
        var connection = new SqliteConnection($"Data Source={options.Shop}");
        connection.Open();
        return connection;
    }

    public void Create()
    {
        using var connection = Open();
        using var command = connection.CreateCommand();
        command.CommandText =
            """
            CREATE TABLE IF NOT EXISTS stock (sku TEXT PRIMARY KEY, on_hand INTEGER NOT NULL, reserved INTEGER NOT NULL DEFAULT 0);
            INSERT OR IGNORE INTO stock (sku, on_hand) VALUES ('lamp', 10), ('sofa', 3), ('piano', 1);
            CREATE TABLE IF NOT EXISTS orders (id TEXT PRIMARY KEY, sku TEXT NOT NULL, amount TEXT NOT NULL);
            CREATE TABLE IF NOT EXISTS shipment (id INTEGER PRIMARY KEY, order_id TEXT NOT NULL, sku TEXT NOT NULL);
            """;
        command.ExecuteNonQuery();
    }
}
