using System.Reflection;
using System.Runtime.Loader;
using Carillon.Generators.Tests;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Carillon.Analyzers.Tests.Listeners;

/// <summary>What the start of a host refuses of one attribute, the build refuses, and nothing else.</summary>
public sealed class StartComparisonTests
{
    // One of each property, alone and with each other one; of a number what can never be, too.
    private static readonly string[] Words =
    [
        "MaxAttempts = 3", "MaxAttempts = -1", "Queue = \"mail\"", "Queue = \"\"", "Queue = \"to mail\"", "TimeoutSeconds = 5", "TimeoutSeconds = -5", "Ordered = true", "SkipsFailed = true",
        "MaxPerKey = 2", "MaxPerKey = -2", "RememberSeconds = 5", "RememberSeconds = -5", "StopPropagation = true", "Errors = ListenerErrors.Log", "Before = [\"Other.On\"]", "Priority = 5",
    ];

    private static readonly string[] Uniqueness = ["", "[Unique]", "[Unique(Replaces = true)]", "[Unique(ForSeconds = -1)]", "[Unique(UniqueUntil.Started, Replaces = true, MaxWaitSeconds = 5)]"];

    [Fact]
    public async Task The_build_refuses_of_an_attribute_what_the_start_refuses()
    {
        var (built, started) = await RefusedAsync([.. Attributes()]);

        started.Length.ShouldBeGreaterThan(100);
        built.ShouldBe(started, ignoreOrder: true);
    }

    // A start shows one circle at a time.
    [Theory]
    [InlineData("[OnEvent(Before = [\"L0.On\"])]", 1)]
    [InlineData("[OnEvent(After = [\"L0.On\"])]", 1)]
    [InlineData("[OnEvent(Before = [\"Other.On\"], After = [\"Other.On\"])]", 1)]
    [InlineData("[OnEvent(Delivery.Durable, Before = [\"Other.On\"], After = [\"Other.On\"])]", 1)]
    [InlineData("[OnEvent(After = [\"Other.On\", \"Other.On\"])]", 0)]
    public async Task The_build_refuses_the_order_of_one_attribute_that_the_start_refuses(string attribute, int refused)
    {
        var (built, started) = await RefusedAsync([attribute]);

        started.Length.ShouldBe(refused);
        built.ShouldBe(started);
    }

    private static async Task<(string[] Built, string[] Started)> RefusedAsync(string[] attributes)
    {
        var source = string.Join('\n', attributes.Select((attribute, number) =>
            $"internal sealed record Placed{number}; internal static class L{number} {{ {attribute} internal static void On(Placed{number} e) {{ }} }}"));
        var compilation = TestAssembly.Library(new SourceFile("/Source.cs", $$"""
            using Carillon;
            internal sealed record Other; internal static class Others { [OnEvent(Id = "Other.On")] internal static void On(Other e) { } }
            {{source}}
            """));

        var found = await AnalyzerTest.DiagnosticsAsync(compilation);
        var built = found.Where(diagnostic => diagnostic.Id == RuleIds.Contradiction).Select(diagnostic => diagnostic.GetMessage(null).Split('\'')[1]).Distinct();
        var started = (await StartAsync(AnalyzerTest.WithGeneratedCode(compilation))).Select(Listener).Distinct();

        return (Named(attributes, built), Named(attributes, started));
    }

    private static IEnumerable<string> Attributes()
    {
        foreach (var delivery in Enum.GetNames<Delivery>())
        {
            foreach (var unique in Uniqueness)
            {
                yield return $"{unique}[OnEvent(Delivery.{delivery})]";
            }

            for (var one = 0; one < Words.Length; one++)
            {
                yield return $"[OnEvent(Delivery.{delivery}, {Words[one]})]";
                foreach (var other in Words.Skip(one + 1).Where(other => Property(other) != Property(Words[one])))
                {
                    yield return $"[OnEvent(Delivery.{delivery}, {Words[one]}, {other})]";
                }
            }
        }
    }

    private static string Property(string word) => word[..word.IndexOf(' ', StringComparison.Ordinal)];

    private static string[] Named(string[] attributes, IEnumerable<string> listeners) =>
        [.. listeners.Select(listener => listener[1..listener.IndexOf('.', StringComparison.Ordinal)]).Distinct().Select(number => attributes[int.Parse(number, System.Globalization.CultureInfo.InvariantCulture)])];

    // The first listener that the sentence names.
    private static string Listener(string problem) => problem.Split('\'').First(part => part.StartsWith('L') && part.EndsWith(".On", StringComparison.Ordinal));

    private static async Task<IEnumerable<string>> StartAsync(CSharpCompilation compilation)
    {
        using var image = new MemoryStream();
        compilation.Emit(image, cancellationToken: TestContext.Current.CancellationToken).Success.ShouldBeTrue();
        image.Position = 0;
        var add = new AssemblyLoadContext(nameof(StartComparisonTests), isCollectible: true)
            .LoadFromStream(image)
            .GetType("Carillon.AcmeOrdersListenersCarillonBuilderExtensions", throwOnError: true)!
            .GetMethod("AddAcmeOrdersListeners", BindingFlags.Public | BindingFlags.Static)!;

        var services = new ServiceCollection();
        services.AddLogging().AddSingleton(TimeProvider.System).AddCarillon(carillon => add.Invoke(null, [carillon.UseInMemory()]));
        await using var provider = services.BuildServiceProvider();
        var starting = provider.GetServices<IHostedService>().OfType<IHostedLifecycleService>().ShouldHaveSingleItem();
        return await Record.ExceptionAsync(() => starting.StartingAsync(TestContext.Current.CancellationToken)) is CarillonConfigurationException refused ? refused.Problems : [];
    }
}
