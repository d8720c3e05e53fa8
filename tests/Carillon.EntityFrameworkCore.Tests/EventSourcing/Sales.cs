namespace Carillon.EntityFrameworkCore.Tests.EventSourcing;

/// <summary>The context of a read model: how many orders there were of each article, by generation.</summary>
public sealed class Sales(DbContextOptions<Sales> options) : DbContext(options)
{
    public DbSet<Sale> Rows => Set<Sale>();

    protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.Entity<Sale>().HasKey(sale => new { sale.Generation, sale.Sku });

    public sealed class Sale
    {
        public int Generation { get; init; }

        public required string Sku { get; init; }

        public int Orders { get; set; }
    }
}
