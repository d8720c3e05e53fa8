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
