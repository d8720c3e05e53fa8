namespace Carillon.Analyzers.Tests.Dispatches;

public sealed class TransactionAnalyzerTests
{
    private const string Types = """
        using System.Data;
        using System.Data.Common;
        using Carillon;
        using Carillon.Transactions;

        internal sealed record OrderPlaced;
        internal sealed record OrderCounted;
        internal sealed class Listeners
        {
            [OnEvent(Delivery.Durable)] internal void Mail(OrderPlaced e) { }
            [OnEvent] internal void Count(OrderCounted e) { }
        }

        """;

    private const string Beside = "CARILLON019 at d.DispatchAsync(new OrderPlaced()): 'DispatchAsync' dispatches 'OrderPlaced', which 'Listeners.Mail' takes durably, beside the open transaction 'tx': "
        + "the delivery is stored even if that is rolled back. Join it first: IUnitOfWorkFactory.Join(tx).";

    [Theory]
    [InlineData("await using var tx = await c.BeginTransactionAsync(); await d.DispatchAsync(new OrderPlaced()); await tx.CommitAsync();")]
    [InlineData("using (var tx = c.BeginTransaction()) { if (c.State == ConnectionState.Open) { await d.DispatchAsync(new OrderPlaced()); } tx.Commit(); }")]
    [InlineData("await using DbTransaction tx = await c.BeginTransactionAsync(IsolationLevel.Serializable).ConfigureAwait(false); await d.DispatchAsync(new OrderPlaced());")]
    [InlineData("Func<Task> run = async () => { using IDbTransaction tx = c.BeginTransaction(); await d.DispatchAsync(new OrderPlaced()); tx.Commit(); }; await run();")]
    public async Task CARILLON019_a_dispatch_beside_an_open_transaction(string body) => (await FindAsync(body)).ShouldBe([Beside]);

    [Theory]
    [InlineData("await using var work = await u.BeginAsync(c); await f.DispatchInNewScopeAsync(new OrderPlaced()); await work.CommitAsync();")]
    [InlineData("using var tx = c.BeginTransaction(); using var work = u.Join(tx); await f.DispatchInNewScopeAsync(new OrderPlaced()); tx.Commit(); await work.CommittedAsync();")]
    public async Task CARILLON019_a_dispatch_in_another_scope_than_the_unit_of_work(string body) =>
        (await FindAsync(body)).ShouldHaveSingleItem().ShouldBe(
            "CARILLON019 at f.DispatchInNewScopeAsync(new OrderPlaced()): 'DispatchInNewScopeAsync' dispatches 'OrderPlaced', which 'Listeners.Mail' takes durably, "
            + "beside the open transaction 'work': the delivery is stored even if that is rolled back. Dispatch through the IEventDispatcher of the scope that the unit of work belongs to.");

    [Theory]
    [InlineData("using var tx = c.BeginTransaction(); using var work = u.Join(tx); await d.DispatchAsync(new OrderPlaced()); tx.Commit(); await work.CommittedAsync();")]
    [InlineData("await using var work = await u.BeginAsync(c); await d.DispatchAsync(new OrderPlaced()); await work.CommitAsync();")]
    [InlineData("using var tx = c.BeginTransaction(); JoinOurs(tx); await d.DispatchAsync(new OrderPlaced()); tx.Commit();")]
    public async Task CARILLON019_not_in_a_unit_of_work(string body) => (await FindAsync(body)).ShouldBeEmpty();

    [Theory]
    [InlineData("using var tx = c.BeginTransaction(); tx.Commit(); await d.DispatchAsync(new OrderPlaced());")]
    [InlineData("DbTransaction? tx = c.BeginTransaction(); tx?.Commit(); await d.DispatchAsync(new OrderPlaced());")]
    [InlineData("await d.DispatchAsync(new OrderPlaced()); using var tx = c.BeginTransaction(); tx.Commit();")]
    [InlineData("using (var tx = c.BeginTransaction()) { tx.Commit(); } await d.DispatchAsync(new OrderPlaced());")]
    [InlineData("{ using var tx = c.BeginTransaction(); Console.WriteLine(tx.IsolationLevel); } await d.DispatchAsync(new OrderPlaced());")]
    [InlineData("await using var work = await u.BeginAsync(c); await work.CommitAsync(); await f.DispatchInNewScopeAsync(new OrderPlaced());")]
    public async Task CARILLON019_not_before_or_after_the_transaction(string body) => (await FindAsync(body)).ShouldBeEmpty();

    [Theory]
    [InlineData("using var tx = c.BeginTransaction(); await d.DispatchAsync(new OrderCounted()); tx.Commit();")]
    [InlineData("await d.DispatchAsync(new OrderPlaced());")]
    public async Task CARILLON019_not_without_a_durable_listener_or_a_transaction(string body) => (await FindAsync(body)).ShouldBeEmpty();

    // By their names, as the analyzer knows them: the packages themselves are not among the references of its tests.
    private const string Contexts = """

        namespace Microsoft.EntityFrameworkCore.Storage
        {
            internal interface IDbContextTransaction : IDisposable { Task CommitAsync(); }
            internal interface IDatabase { Task<IDbContextTransaction> BeginTransactionAsync(); }
        }

        """;

    private const string Following = "namespace Carillon { internal static class EntityFrameworkCarillonBuilderExtensions; }";

    [Theory]
    [InlineData(Following, "d.DispatchAsync", 0)]
    [InlineData("", "d.DispatchAsync", 1)]
    [InlineData(Following, "f.DispatchInNewScopeAsync", 1)]
    public async Task CARILLON019_not_in_a_transaction_of_a_context_that_is_followed(string following, string dispatch, int found) =>
        (await AnalyzerTest.FindAsync(Types + Contexts + following + $$"""
            internal static class ContextService
            {
                internal static async Task Do(Microsoft.EntityFrameworkCore.Storage.IDatabase database, IEventDispatcher d, IEventDispatcherFactory f)
                {
                    using var tx = await database.BeginTransactionAsync();
                    await {{dispatch}}(new OrderPlaced());
                    await tx.CommitAsync();
                }
            }
            """)).Length.ShouldBe(found);

    private static Task<string[]> FindAsync(string body) => AnalyzerTest.FindAsync(Types + $$"""
        internal static class Service
        {
            internal static async Task Do(DbConnection c, IUnitOfWorkFactory u, IEventDispatcher d, IEventDispatcherFactory f)
            {
                await Task.Yield();
                {{body}}
            }

            internal static void JoinOurs(DbTransaction tx) => Console.WriteLine(tx);
        }
        """);
}
