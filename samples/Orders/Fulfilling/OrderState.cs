namespace Orders.Fulfilling;

/// <summary>What the process of an order remembers from one event to the next.</summary>
public sealed class OrderState
{
    public string Sku { get; set; } = "";

    public decimal Amount { get; set; }
}
