using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Carillon.Generators.Tests;

/// <summary>The assembly of an application or library that uses Carillon, as the compiler sees it.</summary>
internal static class TestAssembly
{
    // Documentation is diagnosed as well: a library that asks for comments on public members must not be asked for those of generated ones.
    internal static readonly CSharpParseOptions ParseOptions = new(LanguageVersion.Latest, DocumentationMode.Diagnose);

    private const string Usings = """
        global using System;
        global using System.Collections.Generic;
        global using System.Threading;
        global using System.Threading.Tasks;
        """;

    private static readonly MetadataReference[] Framework = Find(IsFramework);
    private static readonly MetadataReference[] WithContracts = Find(path => IsFramework(path) || Path.GetFileName(path) == "Carillon.Abstractions.dll");
    private static readonly MetadataReference[] WithCarillon = Find(path => IsFramework(path) || IsCarillon(path) || IsExtension(path));

    internal static CSharpCompilation Program(params IEnumerable<SourceFile> sources) =>
        Create(OutputKind.ConsoleApplication, [.. sources, new SourceFile("Program.cs", "internal static class Program { private static void Main() { } }")]);

    internal static CSharpCompilation Library(params IEnumerable<SourceFile> sources) => Create(OutputKind.DynamicallyLinkedLibrary, sources);

    internal static CSharpCompilation WithoutCarillon(params IEnumerable<SourceFile> sources) =>
        Library(sources).WithReferences(Framework);

    /// <summary>A library of events, which references the contracts of Carillon and no more.</summary>
    internal static CSharpCompilation Contracts(params IEnumerable<SourceFile> sources) =>
        Library(sources).WithReferences(WithContracts);

    private static CSharpCompilation Create(OutputKind kind, IEnumerable<SourceFile> sources) =>
        CSharpCompilation.Create(
            "Acme.Orders",
            [.. sources.Prepend(new SourceFile("Usings.cs", Usings)).Select(source => CSharpSyntaxTree.ParseText(source.Text, ParseOptions, source.Path))],
            WithCarillon,
            new CSharpCompilationOptions(kind, nullableContextOptions: NullableContextOptions.Enable, warningLevel: 9999));

    private static PortableExecutableReference[] Find(Func<string, bool> isWanted) =>
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Where(isWanted)
            .Select(path => MetadataReference.CreateFromFile(path))];

    private static bool IsFramework(string path) => Path.GetDirectoryName(path) == Path.GetDirectoryName(typeof(object).Assembly.Location);

    private static bool IsCarillon(string path) => Path.GetFileName(path) is "Carillon.dll" or "Carillon.Abstractions.dll";

    private static bool IsExtension(string path) => Path.GetFileName(path).StartsWith("Microsoft.Extensions.", StringComparison.Ordinal);
}
