namespace Orders;

/// <summary>Where the files are.</summary>
/// <param name="Folder">The folder of both.</param>
internal sealed record OrdersOptions(string Folder)
{
    public string Shop => Path.Combine(Folder, "shop.db");

    public string Bank => Path.Combine(Folder, "bank.db");
}
