namespace Carillon.Stores.Tests.Sagas;

public sealed class OrderState
{
    public string? Sku { get; set; }

    public int Touched { get; set; }
}
