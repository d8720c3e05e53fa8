using Microsoft.Data.Sqlite;

namespace Orders.Payments;

/// <summary>Another system, with a database of its own. It takes 100 at the most, once an order, and pays back what it has taken, once.</summary>
internal sealed class Bank(OrdersOptions options)
{
    public bool TryCharge(string orderId, decimal amount)
    {
        if (amount > 100)
        {
            return false;
        }

        Execute("INSERT OR IGNORE INTO payment (order_id, amount) VALUES ($order, $amount)", orderId, amount);
        return true;
    }

    public void PayBack(string orderId) => Execute("UPDATE payment SET paid_back = 1 WHERE order_id = $order", orderId, amount: null);

    public void Create() => Execute("CREATE TABLE IF NOT EXISTS payment (order_id TEXT PRIMARY KEY, amount TEXT NOT NULL, paid_back INTEGER NOT NULL DEFAULT 0)", orderId: null, amount: null);

    private void Execute(string sql, string? orderId, decimal? amount)
    {
        using var connection = new SqliteConnection($"Data Source={options.Bank}");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        if (orderId is not null)
        {
            command.Parameters.AddWithValue("$order", orderId);
        }

        if (amount is not null)
        {
            command.Parameters.AddWithValue("$amount", amount);
        }

        command.ExecuteNonQuery();
    }
}
