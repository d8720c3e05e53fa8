namespace Carillon.EntityFrameworkCore.Tests;

/// <summary>A second context on the same database.</summary>
public sealed class Ledger(DbContextOptions<Ledger> options) : DbContext(options)
{
    public DbSet<Booking> Bookings => Set<Booking>();

    public sealed class Booking
    {
        public int Id { get; init; }

        public string Text { get; set; } = "";
    }
}
