using Carillon.Generators.Tests;

namespace Carillon.Analyzers.Tests.Registrations;

public sealed class FollowedContextsAnalyzerTests
{
    private const string Said =
        "'Shop' is not followed: the domain events of what it saves are never dispatched, and a dispatch does not belong to its transactions. Say so here: AddCarillon(carillon => carillon.UseEntityFrameworkCore<Shop>()).";

    private const string Beside = "CARILLON019";

    [Theory]
    [InlineData("services.AddDbContext<Shop>(); services.AddCarillon();")]
    [InlineData("services.AddDbContextPool<Shop>(o => { }); services.AddCarillon(carillon => carillon.UseInMemory());")]
    [InlineData("services.AddDbContextFactory<Shop>(); CarillonServiceCollectionExtensions.AddCarillon(services);")]
    [InlineData("services.AddDbContext<IShop, Shop>(); services.AddCarillon(); services.AddCarillon();")]
    public async Task CARILLON034_a_context_that_nobody_has_followed(string statement) => (await FindAsync(statement)).ShouldBe([$"CARILLON034 at AddCarillon: {Said}"]);

    [Fact]
    public async Task CARILLON034_a_library_that_has_both() =>
        (await AnalyzerTest.FindAsync(TestAssembly.Library(new SourceFile("/Source.cs", Source("services.AddDbContext<Shop>(); services.AddCarillon();"))))).Length.ShouldBe(1);

    [Theory]
    [InlineData("services.AddDbContext<Shop>(); services.AddCarillon(carillon => carillon.UseEntityFrameworkCore<Shop>());")]
    [InlineData("services.AddDbContext<Shop>(); services.AddCarillon(Follow); static void Follow(CarillonBuilder carillon) => carillon.UseEntityFrameworkCore<Shop>();")]
    [InlineData("services.AddDbContext<Shop>(); Func<CarillonBuilder, CarillonBuilder> follow = EntityFrameworkCarillonBuilderExtensions.UseEntityFrameworkCore<Shop>; services.AddCarillon(carillon => follow(carillon));")]
    [InlineData("services.AddDbContext<Shop>();")]
    [InlineData("services.AddCarillon(); // AddDbContext")]
    public async Task CARILLON034_not_one_that_is_followed_or_leaves_a_part_to_others(string statement) => (await FindAsync(statement)).ShouldBeEmpty();

    [Fact]
    public async Task CARILLON034_not_where_a_library_may_say_it()
    {
        var library = AnalyzerTest.Reference("Acme.Data", """
            using Carillon;
            using Microsoft.EntityFrameworkCore;
            public static class Data { public static void Follow<T>(CarillonBuilder carillon) where T : DbContext => carillon.UseEntityFrameworkCore<T>(); } // AddDbContext
            """);

        (await AnalyzerTest.FindAsync(TestAssembly.Program(new SourceFile("/Source.cs", Source("services.AddDbContext<Shop>(); services.AddCarillon(Data.Follow<Shop>);"))).AddReferences(library))).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("services.AddDbContext<Shop>(); services.AddCarillon(carillon => carillon.AddListeners());", 2)]
    [InlineData("services.AddDbContext<Shop>(); services.AddCarillon(carillon => carillon.AddListeners().UseEntityFrameworkCore<Shop>());", 0)]
    [InlineData("Console.WriteLine(services); // AddDbContext", 0)]
    public async Task CARILLON019_in_a_transaction_of_a_context_that_nobody_has_followed(string statement, int found)
    {
        var findings = await AnalyzerTest.FindAsync(Source(statement) + """

            internal sealed record OrderPlaced;
            internal static class Mail { [OnEvent(Delivery.Durable)] internal static void Send(OrderPlaced e) { } }
            internal sealed class Service(Shop shop, IEventDispatcher events)
            {
                internal async Task PlaceAsync()
                {
                    await using var transaction = await shop.Database.BeginTransactionAsync();
                    await events.DispatchAsync(new OrderPlaced());
                    await transaction.CommitAsync();
                }
            }
            """);

        findings.Length.ShouldBe(found);
        findings.Count(finding => finding.StartsWith(Beside, StringComparison.Ordinal)).ShouldBe(found / 2);
    }

    private static Task<string[]> FindAsync(string statement) => AnalyzerTest.FindAsync(Source(statement));

    private static string Source(string statement) => $$"""
        using Carillon;
        using Microsoft.EntityFrameworkCore;
        using Microsoft.Extensions.DependencyInjection;

        internal interface IShop;

        internal sealed class Shop(DbContextOptions<Shop> options) : DbContext(options), IShop;

        internal static class Setup
        {
            internal static void Add(IServiceCollection services)
            {
                {{statement}}
            }
        }
        """;
}
