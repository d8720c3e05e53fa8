using Carillon.Generators.Tests;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Carillon.Analyzers.Tests;

/// <summary>Carillon as a handful of lines: rules go by names, so that numbers of enum members and assemblies are not theirs to know.</summary>
internal static class Stand
{
    private const string Types = """
        namespace Carillon
        {
            public enum Delivery { Background = 7, Inline = 8, Durable = 9 }
            public sealed class OnEventAttribute(Delivery delivery = Delivery.Inline) : Attribute
            {
                public OnEventAttribute(string pattern, Delivery delivery = Delivery.Inline) : this(delivery) => Pattern = pattern;
                public Delivery Delivery { get; } = delivery;
                public string? Pattern { get; }
            }
            public interface IEventBus;
            public static class NamedEventExtensions { public static ValueTask<bool> EmitAsync(this IEventBus bus, string name, object? payload = null) => default; }
            public sealed class EntityRef<T>;
            public static class EventResultExtensions
            {
                public static ValueTask<IReadOnlyList<T>> CollectAsync<T>(this IEventBus bus, object @event) => new([]);
                public static ValueTask<T?> FirstResultAsync<T>(this IEventBus bus, object @event) => default;
            }
        }
        """;

    internal static Task<string[]> FindAsync(string source)
    {
        var compilation = TestAssembly.WithoutCarillon(new SourceFile("/Carillon.cs", Types), new SourceFile("/Source.cs", source));
        return AnalyzerTest.FindAsync(compilation.WithOptions(compilation.Options.WithSpecificDiagnosticOptions([new("CS1591", ReportDiagnostic.Suppress)])));
    }
}
