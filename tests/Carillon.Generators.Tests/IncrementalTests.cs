using System.Reflection;
using Carillon.Generators.Models;
using Microsoft.CodeAnalysis;

namespace Carillon.Generators.Tests;

/// <summary>The generator runs at each keystroke: what an edit does not concern is not done again.</summary>
public sealed class IncrementalTests
{
    private static readonly SourceFile Events = new("Events.cs", """
        namespace Acme;

        internal record OrderEvent;
        [Carillon.Event("order.placed")] internal sealed record OrderPlaced(int Number) : OrderEvent;
        internal sealed record OrderSent(int Number) : OrderEvent;
        """);

    private static readonly SourceFile Orders = new("Orders.cs", """
        namespace Acme;

        internal sealed class OrderListeners
        {
            [Carillon.OnEvent]
            public void Audit(OrderPlaced e) { }

            [Carillon.OnEvent]
            public void Ship(OrderSent e) { }
        }
        """);

    private static readonly SourceFile Mails = new("Mails.cs", """
        namespace Acme;

        internal static class MailListeners
        {
            [Carillon.OnEvent]
            public static void Write(OrderEvent e) { }
        }
        """);

    public static TheoryData<string, string, string> Unrelated => new()
    {
        { "Orders.cs", "(OrderPlaced e) { }", "(OrderPlaced e) { System.Console.WriteLine(e.Number); }" },
        { "Orders.cs", "namespace Acme;", "// A comment.\n\nnamespace Acme;" },
        { "Orders.cs", "    [Carillon.OnEvent]\n    public void Audit", "    private static void Help() { }\n\n    [Carillon.OnEvent]\n    public void Audit" },
        { "Orders.cs", "    public void Ship", "    /// <summary>Ships.</summary>\n    public void Ship" },
        { "Orders.cs", "namespace Acme;", "namespace Acme;\n\ninternal sealed class Unrelated { public int Number { get; set; } }" },
        { "Orders.cs", "Audit(OrderPlaced e)", "Audit(OrderPlaced placed)" },
        { "Events.cs", "OrderSent(int Number)", "OrderSent(int Number, string? Text = null)" },
        { "Mails.cs", "internal static class", "[System.Diagnostics.DebuggerNonUserCode] internal static class" },
    };

    [Theory, MemberData(nameof(Unrelated))]
    public void An_edit_that_concerns_no_listener_regenerates_nothing(string file, string text, string replacement) =>
        GeneratorTest.AssertNothingRegenerated(Compile(), Compile(file, text, replacement));

    // The numbers are those of the models that are not what they were.
    [Theory]
    [InlineData("Orders.cs", "[Carillon.OnEvent]\n    public void Audit", "[Carillon.OnEvent(Priority = 3)]\n    public void Audit", 1, 0)]
    [InlineData("Orders.cs", "[Carillon.OnEvent]\n    public void Audit", "public void Audit", 1, 0)] // The place of the one behind it.
    [InlineData("Orders.cs", "Ship(OrderSent e)", "Ship(OrderSent e, string text)", 1, 0)]
    [InlineData("Mails.cs", "Write(", "Send(", 1, 0)]
    [InlineData("Events.cs", "\"order.placed\"", "\"order.made\"", 1, 1)] // In another file: the event of a listener, and the event itself.
    [InlineData("Events.cs", "OrderSent(int Number) : OrderEvent", "OrderSent(int Number)", 1, 0)]
    public void An_edit_that_concerns_a_listener_makes_anew_just_what_it_concerns(string file, string text, string replacement, int listeners, int events)
    {
        var steps = GeneratorTest.ChangedOutputs(Compile(), Compile(file, text, replacement));

        steps[ListenerGenerator.AssemblyStep].ShouldBe(0);
        steps[ListenerGenerator.ListenersStep].ShouldBe(listeners);
        steps[ListenerGenerator.EventsStep].ShouldBe(events);
        steps[ListenerGenerator.RegistrationStep].ShouldBe(1);
    }

    [Fact]
    public void Nothing_of_a_compilation_is_kept_in_a_model()
    {
        var models = typeof(ListenerModel).Assembly.GetTypes().Where(type => type.Namespace == typeof(ListenerModel).Namespace && !type.IsGenericTypeDefinition && !type.IsEnum).ToArray();
        models.Length.ShouldBeGreaterThan(5);

        models
            .SelectMany(model => model.GetFields(BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public))
            .Where(field => !IsPlain(field.FieldType))
            .ShouldBeEmpty();
    }

    private static bool IsPlain(Type type) =>
        type == typeof(string) || type.IsPrimitive || type.IsEnum
        || (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(EquatableArray<>) && IsPlain(type.GenericTypeArguments[0]))
        || (type.Namespace == typeof(ListenerModel).Namespace && type.IsSealed && typeof(IEquatable<>).MakeGenericType(type).IsAssignableFrom(type));

    private static Microsoft.CodeAnalysis.CSharp.CSharpCompilation Compile(string file = "", string text = "", string replacement = "")
    {
        var sources = new[] { Events, Orders, Mails };
        return TestAssembly.Program(sources.Select(source =>
        {
            if (source.Path != file)
            {
                return source;
            }

            source.Text.ShouldContain(text);
            return source with { Text = source.Text.Replace(text, replacement) };
        }));
    }
}
