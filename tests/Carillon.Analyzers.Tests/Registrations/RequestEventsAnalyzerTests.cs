using Carillon.Generators.Tests;

namespace Carillon.Analyzers.Tests.Registrations;

public sealed class RequestEventsAnalyzerTests
{
    private const string Said =
        "is dispatched where UseRequestEvents stands in the pipeline, and this application does not say it. Call app.UseRequestEvents() before anything else is added to the pipeline.";

    [Theory]
    [InlineData("app.UseRouting();")]
    [InlineData("app.MapGet(\"/\", () => \"hello\");")]
    [InlineData("app.Run();")]
    [InlineData("app.RunAsync();")]
    public async Task CARILLON027_a_pipeline_without_them_and_a_listener(string statement) =>
        (await FindAsync("[OnEvent] internal static void Note(AfterHandleRequest e) { }", statement))
            .ShouldBe([$"CARILLON027 at Note: 'Requests.Note' is never called: 'AfterHandleRequest' {Said}"]);

    [Theory]
    [InlineData("carillon.Listen<BeforeHandleRequest>(_ => { });", "Listen<BeforeHandleRequest>", "the lambda for BeforeHandleRequest")]
    [InlineData("carillon.AddListener<Gate, BeforeHandleRequest>();", "AddListener<Gate, BeforeHandleRequest>", "Gate")]
    [InlineData("carillon.Listen<BeforeHandleRequest, int>(_ => 1);", "Listen<BeforeHandleRequest, int>", "the lambda for BeforeHandleRequest")]
    public async Task CARILLON027_a_listener_that_is_registered_in_code(string registration, string code, string name) =>
        (await FindAsync("", $"app.UseRouting(); {registration}")).ShouldBe([$"CARILLON027 at {code}: '{name}' is never called: 'BeforeHandleRequest' {Said}"]);

    [Theory]
    [InlineData("[OnEvent(\"request.handle.before\")] internal static void Note(NamedEvent e) { }", "Requests.Note", "BeforeHandleRequest")]
    [InlineData("[OnEvent(\"request.handle.after\")] internal static void Note(object e) { }", "Requests.Note", "AfterHandleRequest")]
    [InlineData("[OnEvent(\"request.#\")] internal static void Note(AfterHandleRequest e) { }", "Requests.Note", "AfterHandleRequest")]
    public async Task CARILLON027_a_listener_by_name(string listener, string name, string eventType) =>
        (await FindAsync(listener, "app.UseRouting();")).ShouldBe([$"CARILLON027 at Note: '{name}' is never called: '{eventType}' {Said}"]);

    [Fact]
    public async Task CARILLON027_a_listener_by_name_that_is_registered_in_code() =>
        (await FindAsync("", "app.UseRouting(); carillon.Listen<NamedEvent>(\"request.handle.after\", _ => { });"))
            .ShouldBe([$"CARILLON027 at Listen<NamedEvent>: 'the lambda for NamedEvent' is never called: 'AfterHandleRequest' {Said}"]);

    [Theory]
    [InlineData("[OnEvent(\"request.#\")] internal static void Note(NamedEvent e) { }")]
    [InlineData("[OnEvent(\"request.received\")] internal static void Note(NamedEvent e) { }")]
    public async Task CARILLON027_not_a_listener_of_other_names_too(string listener) => (await FindAsync(listener, "app.UseRouting();")).ShouldBeEmpty();

    [Theory]
    [InlineData("app.UseRequestEvents(); app.UseRouting();")]
    [InlineData("app.UseRouting(); Func<IApplicationBuilder, IApplicationBuilder> use = RequestEventsApplicationBuilderExtensions.UseRequestEvents; use(app);")]
    public async Task CARILLON027_not_where_the_pipeline_dispatches_them(string statement) =>
        (await FindAsync("[OnEvent] internal static void Note(AfterHandleRequest e) { }", statement)).ShouldBeEmpty();

    [Theory]
    [InlineData("[OnEvent] internal static void Note(AfterHandleRequest e) { }", "Console.WriteLine(app);")]
    [InlineData("[OnEvent] internal static void Note(ApplicationBooted e) { }", "app.UseRouting();")]
    public async Task CARILLON027_not_without_a_pipeline_or_a_listener_of_them(string listener, string statement) => (await FindAsync(listener, statement)).ShouldBeEmpty();

    [Fact]
    public async Task CARILLON027_not_a_library_whose_application_has_the_pipeline() =>
        (await AnalyzerTest.FindAsync(AnalyzerTest.AsInAnApplication(TestAssembly.Library(
            new SourceFile("/Source.cs", Source("[OnEvent] internal static void Note(AfterHandleRequest e) { }", "app.UseRouting();")))))).ShouldBeEmpty();

    private static Task<string[]> FindAsync(string listener, string statement) => AnalyzerTest.FindAsync(Source(listener, statement));

    private static string Source(string listener, string statement) => $$"""
        using Carillon;
        using Carillon.AspNetCore;
        using Microsoft.AspNetCore.Builder;

        internal static class Requests { {{listener}} }

        internal sealed class Gate : IListener<BeforeHandleRequest> { public ValueTask HandleAsync(BeforeHandleRequest e, CancellationToken token) => default; }

        internal static class Pipeline
        {
            internal static void Use(WebApplication app, CarillonBuilder carillon)
            {
                {{statement}}
                Console.WriteLine(carillon);
                Console.WriteLine(typeof(Gate));
            }
        }
        """;
}
