using Carillon.Generators.Tests;

namespace Carillon.Analyzers.Tests.Registrations;

public sealed class AddedListenersAnalyzerTests
{
    private const string Listeners = """
        using Carillon;
        using Microsoft.Extensions.DependencyInjection;
        internal sealed record OrderPlaced;
        internal static class Mail { [OnEvent] internal static void Send(OrderPlaced e) { } }

        """;

    private const string Nothing = "using Carillon; using Microsoft.Extensions.DependencyInjection;";

    private const string Stock = """
        using Carillon;
        public record StockReserved;
        internal static class Reservations { [OnEvent] internal static void Print(StockReserved e) { } }

        """;

    [Theory]
    [InlineData("services.AddCarillon();")]
    [InlineData("services.AddCarillon(carillon => carillon.UseInMemory());")]
    [InlineData("CarillonServiceCollectionExtensions.AddCarillon(services);")]
    public async Task CARILLON026_an_application_that_adds_none_of_its_listeners(string statement) =>
        (await FindAsync(Listeners, statement)).ShouldHaveSingleItem().ShouldBe(
            "CARILLON026 at AddCarillon: The listeners of this application are not added: nothing ever calls 'Mail.Send'. Say so here: AddCarillon(carillon => carillon.AddListeners()).");

    [Theory]
    [InlineData("[OnEvent] internal static void Again(OrderPlaced e) { }", "'Mail.Again', nor the other one.")]
    [InlineData("[OnEvent] internal static void Again(OrderPlaced e) { } [OnEvent] internal static void More(OrderPlaced e) { }", "'Mail.Again', nor the 2 others.")]
    public async Task CARILLON026_once_for_all_of_them(string more, string said) =>
        (await FindAsync(Listeners.Replace("{ [OnEvent]", $"{{ {more} [OnEvent]", StringComparison.Ordinal), "services.AddCarillon(); services.AddCarillon();"))
            .ShouldHaveSingleItem().ShouldContain($"nothing ever calls {said}");

    [Fact]
    public async Task CARILLON026_the_handler_of_a_job() =>
        (await FindAsync("""
            using Carillon;
            using Microsoft.Extensions.DependencyInjection;
            internal sealed record Report : IJob;
            internal static class Reports { [OnJob] internal static void Build(Report job) { } }

            """, "services.AddCarillon();")).ShouldHaveSingleItem().ShouldContain("nothing ever calls 'Reports.Build'.");

    [Theory]
    [InlineData("services.AddCarillon(carillon => carillon.AddListeners());")]
    [InlineData("services.AddCarillon(carillon => carillon.UseInMemory().AddListeners());")]
    [InlineData("services.AddCarillon(); services.AddCarillon(carillon => carillon.AddListeners());")]
    [InlineData("Func<CarillonBuilder, CarillonBuilder> add = GeneratedCarillonBuilderExtensions.AddListeners; services.AddCarillon(carillon => add(carillon)); // AddListeners()")]
    public async Task CARILLON026_not_one_that_adds_them_somewhere(string statement) => (await FindAsync(Listeners, statement)).ShouldBeEmpty();

    [Fact]
    public async Task CARILLON026_not_one_that_leaves_AddCarillon_to_others() => (await FindAsync(Listeners, "Console.WriteLine(services.Count);")).ShouldBeEmpty();

    [Fact]
    public async Task CARILLON026_not_one_without_such_methods() =>
        (await FindAsync("using Carillon; using Microsoft.Extensions.DependencyInjection; internal sealed record OrderPlaced;\n", "services.AddCarillon(carillon => carillon.Listen<OrderPlaced>(_ => { }));")).ShouldBeEmpty();

    [Fact]
    public async Task CARILLON026_not_a_library_whose_application_adds_them() =>
        (await AnalyzerTest.FindAsync(TestAssembly.Library(new SourceFile("/Source.cs", Source(Listeners, "services.AddCarillon();"))))).ShouldBeEmpty();

    [Theory]
    [InlineData("services.AddCarillon();")]
    [InlineData("services.AddCarillon(carillon => carillon.Listen<StockReserved>(_ => { }));")]
    public async Task CARILLON026_a_library_whose_listeners_nobody_adds(string statement) =>
        (await FindAsync(statement, AnalyzerTest.Reference("acme.stock-core", Stock))).ShouldBe(
            ["CARILLON026 at AddCarillon: The listeners of 'acme.stock-core' are not added: nothing ever calls them. Say so here: AddCarillon(carillon => carillon.AddAcmeStockCoreListeners())."]);

    [Theory]
    [InlineData("internal sealed class Reservations { [OnEvent(Delivery.Durable)] internal void Print(StockReserved e) { } }")]
    [InlineData("public sealed class Reservations(TimeProvider time) { [OnEvent(\"stock.*\")] public void Print(StockReserved e) => Console.WriteLine(time); }")]
    [InlineData("public sealed record Count : IJob; public static class Reservations { [OnJob] public static void Print(Count job) { } }")]
    public async Task CARILLON026_whatever_the_listeners_of_a_library_are(string listeners) =>
        (await FindAsync("services.AddCarillon();", AnalyzerTest.Reference("Acme.Stock", $"using Carillon; public sealed record StockReserved; {listeners}"))).Length.ShouldBe(1);

    [Theory]
    [InlineData("services.AddCarillon(carillon => carillon.AddAcmeStockListeners());")]
    [InlineData("Func<CarillonBuilder, CarillonBuilder> add = AcmeStockListenersCarillonBuilderExtensions.AddAcmeStockListeners; services.AddCarillon(carillon => add(carillon));")]
    [InlineData("Console.WriteLine(services);")]
    public async Task CARILLON026_not_a_library_that_is_added_or_an_application_that_leaves_AddCarillon_to_others(string statement) =>
        (await FindAsync(statement, AnalyzerTest.Reference("Acme.Stock", Stock))).ShouldBeEmpty();

    [Fact]
    public async Task CARILLON026_not_a_library_of_events() =>
        (await FindAsync("services.AddCarillon();", AnalyzerTest.Reference("Acme.Stock", "using Carillon; [Event(\"stock.reserved\")] public sealed record StockReserved;"))).ShouldBeEmpty();

    [Theory]
    [InlineData("public static class StockModule { public static void AddStock(this Microsoft.Extensions.DependencyInjection.IServiceCollection services) { } }")]
    [InlineData("public static class StockModule { public static void AddStock(CarillonBuilder carillon) { } }")]
    [InlineData("public sealed class StockModule { public void Add<T>(T to) where T : Microsoft.Extensions.DependencyInjection.IServiceCollection { } }")]
    [InlineData("public static class StockModule { public static void AddStock(Action<CarillonBuilder> add) { } }")]
    [InlineData("internal sealed class StockModule : IModule { void IModule.Add(Microsoft.Extensions.DependencyInjection.IServiceCollection services) { } }")]
    public async Task CARILLON026_not_a_library_that_may_add_its_listeners_itself(string module)
    {
        var contract = AnalyzerTest.Reference("Acme.Contracts", "public interface IModule { void Add(Microsoft.Extensions.DependencyInjection.IServiceCollection services); }");

        (await FindAsync("services.AddCarillon();", contract, AnalyzerTest.Reference("Acme.Stock", Stock + module, contract))).ShouldBeEmpty();
    }

    [Fact]
    public async Task CARILLON026_not_a_library_that_another_one_may_add()
    {
        var stock = AnalyzerTest.Reference("Acme.Stock", Stock);
        var modules = AnalyzerTest.Reference("Acme.Modules", "using Carillon; public static class Modules { public static CarillonBuilder All(this CarillonBuilder carillon) => carillon.AddAcmeStockListeners(); }", stock);

        (await FindAsync("services.AddCarillon(carillon => carillon.All());", stock, modules)).ShouldBeEmpty();
    }

    [Fact]
    public async Task CARILLON026_not_a_library_that_references_a_library() =>
        (await AnalyzerTest.FindAsync(TestAssembly.Library(new SourceFile("/Source.cs", Source(Nothing, "services.AddCarillon();"))).AddReferences(AnalyzerTest.Reference("Acme.Stock", Stock)))).ShouldBeEmpty();

    private static Task<string[]> FindAsync(string statement, params Microsoft.CodeAnalysis.MetadataReference[] libraries) =>
        AnalyzerTest.FindAsync(TestAssembly.Program(new SourceFile("/Source.cs", Source(Nothing, $"{statement} _ = typeof(CarillonBuilder);"))).AddReferences(libraries));

    private static Task<string[]> FindAsync(string listeners, string statement) => AnalyzerTest.FindAsync(Source(listeners, statement));

    private static string Source(string listeners, string statement) => $$"""
        {{listeners}}
        internal static class Setup
        {
            internal static void Add(IServiceCollection services)
            {
                {{statement}}
            }
        }
        """;
}
