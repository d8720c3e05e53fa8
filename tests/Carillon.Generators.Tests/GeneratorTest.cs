using System.Runtime.CompilerServices;
using Carillon.Generators.Emit;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Carillon.Generators.Tests;

/// <summary>
/// What every test of the generator checks, whatever else it is about: the text is the approved one, the compiler has nothing to say about it, and an
/// edit elsewhere regenerates nothing.
/// </summary>
internal static class GeneratorTest
{
    internal static void Approve(string source, [CallerFilePath] string file = "", [CallerMemberName] string test = "") =>
        Approve(TestAssembly.Program(new SourceFile("Source.cs", source)), file, test);

    internal static void Approve(CSharpCompilation compilation, [CallerFilePath] string file = "", [CallerMemberName] string test = "")
    {
        var driver = CreateDriver().RunGeneratorsAndUpdateCompilation(compilation, out var output, out var diagnostics);

        diagnostics.ShouldBeEmpty();
        Strict(output).GetDiagnostics().Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning).ShouldBeEmpty();
        AssertNothingRegenerated(driver, compilation.AddSyntaxTrees(Parse("internal static class Unrelated;", "Unrelated.cs")));
        Approval.Check($"{Path.GetFileNameWithoutExtension(file)}.{test}", Generated(driver));
    }

    /// <summary>Runs the generator, then again on an edited compilation: every step must have found what it found before.</summary>
    internal static void AssertNothingRegenerated(CSharpCompilation before, CSharpCompilation after) =>
        AssertNothingRegenerated(CreateDriver().RunGenerators(before), after);

    /// <summary>Runs the generator, then again on an edited compilation: how many outputs of each step are not what they were.</summary>
    internal static IReadOnlyDictionary<string, int> ChangedOutputs(CSharpCompilation before, CSharpCompilation after) =>
        CreateDriver().RunGenerators(before).RunGenerators(after).GetRunResult().Results.Single().TrackedSteps.ToDictionary(
            step => step.Key,
            step => step.Value.SelectMany(run => run.Outputs).Count(output => !IsKept(output.Reason) && output.Reason != IncrementalStepRunReason.Removed));

    private static bool IsKept(IncrementalStepRunReason reason) => reason is IncrementalStepRunReason.Cached or IncrementalStepRunReason.Unchanged;

    /// <summary>The text of the generated file; empty if there is none.</summary>
    internal static string Generate(CSharpCompilation compilation) => Generated(CreateDriver().RunGenerators(compilation));

    /// <summary>The assembly with its generated file, if it has one, in which warnings count.</summary>
    internal static Compilation Compile(CSharpCompilation compilation)
    {
        CreateDriver().RunGeneratorsAndUpdateCompilation(compilation, out var output, out var diagnostics);
        diagnostics.ShouldBeEmpty();
        return output.SyntaxTrees.Any(IsGenerated) ? Strict(output) : output;
    }

    /// <summary>The assembly with its generated file, compiled: what another assembly references.</summary>
    internal static MetadataReference Output(CSharpCompilation compilation)
    {
        CreateDriver().RunGeneratorsAndUpdateCompilation(compilation, out var output, out _);
        using var image = new MemoryStream();
        output.Emit(image).Diagnostics.Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Error).ShouldBeEmpty();
        return MetadataReference.CreateFromImage(image.ToArray());
    }

    internal static SyntaxTree Parse(string text, string path) => CSharpSyntaxTree.ParseText(text, TestAssembly.ParseOptions, path);

    // Generated code disables all warnings, since nobody can edit it. Here they count, but for those that come from what the user has written:
    // obsolete and experimental types, and an assembly that wants to be CLS compliant.
    private static Compilation Strict(Compilation output)
    {
        var generated = output.SyntaxTrees.Single(IsGenerated);
        var strict = generated.ToString().Replace($"{AssemblyWriter.WithoutWarnings}\n", $"{AssemblyWriter.WithoutWarnings} CS0612, CS0618, CS3001, CS3002, EXP001\n");
        strict.ShouldNotBe(generated.ToString());
        return output.ReplaceSyntaxTree(generated, Parse(strict, generated.FilePath));
    }

    /// <summary>Whether something is in the generated file.</summary>
    internal static bool IsIn(Location location) => location.SourceTree is { } tree && IsGenerated(tree);

    private static bool IsGenerated(SyntaxTree tree) => tree.FilePath.EndsWith(AssemblyWriter.FileName, StringComparison.Ordinal);

    private static CSharpGeneratorDriver CreateDriver() =>
        CSharpGeneratorDriver.Create(
            [new ListenerGenerator().AsSourceGenerator()],
            parseOptions: TestAssembly.ParseOptions,
            driverOptions: new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true));

    private static string Generated(GeneratorDriver driver) =>
        driver.GetRunResult().Results.Single().GeneratedSources
            .Where(source => source.HintName == "CarillonListeners.g.cs")
            .Select(source => source.SourceText.ToString())
            .FirstOrDefault("");

    private static void AssertNothingRegenerated(GeneratorDriver driver, CSharpCompilation edited)
    {
        var result = driver.RunGenerators(edited).GetRunResult().Results.Single();
        var steps = result.TrackedSteps
            .Where(step => step.Key is ListenerGenerator.AssemblyStep or ListenerGenerator.ListenersStep or ListenerGenerator.EventsStep or ListenerGenerator.RegistrationStep)
            .Concat(result.TrackedOutputSteps)
            .ToArray();

        steps.ShouldNotBeEmpty();
        steps
            .SelectMany(step => step.Value.SelectMany(run => run.Outputs.Select(output => (Step: step.Key, output.Reason))))
            .Where(run => !IsKept(run.Reason))
            .ShouldBeEmpty();
    }
}
