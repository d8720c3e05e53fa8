using Carillon.Transactions;
using Npgsql;

namespace Carillon.EntityFrameworkCore.Tests.Transactions;

/// <summary>Transactions that were begun without EF Core and given to a context.</summary>
public sealed class GivenTests : IAsyncDisposable
{
    private readonly ShopPlace _place = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _place.DisposeAsync();

    [Theory]
    [InlineData("there", true)]
    [InlineData("by EF Core", true)]
    [InlineData("nowhere", false)]
    public async Task What_is_dispatched_is_written_in_it_wherever_it_is_committed(string committed, bool stored)
    {
        await _place.StartAsync();
        await using var connection = new NpgsqlConnection(_place.ConnectionString);
        await connection.OpenAsync(Cancel);
        await using (var transaction = await connection.BeginTransactionAsync(Cancel))
        {
            _place.Shop.Database.SetDbConnection(connection);
            await _place.Shop.Database.UseTransactionAsync(transaction, Cancel);
            var order = new Order();
            order.Place();
            _place.Shop.Add(order);
            await _place.Shop.SaveChangesAsync(Cancel);
            await _place.Events.DispatchAsync(new OrderPlaced("lamp"), Cancel);
            switch (committed)
            {
                case "there":
                    await transaction.CommitAsync(Cancel);
                    break;
                case "by EF Core":
                    await _place.Shop.Database.CurrentTransaction!.CommitAsync(Cancel);
                    break;
            }
        }

        (await _place.Orders()).ShouldBe(stored ? 1 : 0);
        (await _place.Deliveries()).ShouldBe(stored ? 2 : 0);
    }

    [Fact]
    public async Task After_its_end_a_dispatch_belongs_to_none()
    {
        await _place.StartAsync();
        await using var connection = new NpgsqlConnection(_place.ConnectionString);
        await connection.OpenAsync(Cancel);
        await using (var transaction = await connection.BeginTransactionAsync(Cancel))
        {
            _place.Shop.Database.SetDbConnection(connection);
            await _place.Shop.Database.UseTransactionAsync(transaction, Cancel);
            await transaction.CommitAsync(Cancel);
        }

        await _place.Events.DispatchAsync(new OrderPlaced("lamp"), Cancel);

        (await _place.Deliveries()).ShouldBe(1);
    }

    [Fact]
    public async Task In_a_unit_of_work_what_the_context_saves_is_committed_with_it()
    {
        await _place.StartAsync();
        await using var connection = new NpgsqlConnection(_place.ConnectionString);
        await connection.OpenAsync(Cancel);
        await using (var work = await _place.Scope.GetRequiredService<IUnitOfWorkFactory>().BeginAsync(connection, Cancel))
        {
            // Made while it is open: on its transaction already.
            var order = new Order();
            order.Place();
            _place.Shop.Add(order);
            await _place.Shop.SaveChangesAsync(Cancel);
            (await _place.Orders()).ShouldBe(0);
            await work.CommitAsync(Cancel);
        }

        (await _place.Orders()).ShouldBe(1);
        (await _place.Deliveries()).ShouldBe(1);
    }
}
