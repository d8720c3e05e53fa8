using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;

namespace Carillon.Generators.Tests.Assemblies;

/// <summary>
/// Several assemblies, compiled with the generator one after another as a build does, then loaded and run: what is wrong between them is seen by no
/// compiler.
/// </summary>
internal sealed class Solution
{
    private readonly List<MetadataReference> _references = [];
    private readonly List<byte[]> _images = [];

    /// <summary>A library that knows the events' attributes and nothing else of Carillon.</summary>
    internal Solution Contracts(string name, string source) => Add(TestAssembly.Contracts(new SourceFile($"{name}.cs", source)).WithAssemblyName(name));

    /// <summary>A library with listeners.</summary>
    internal Solution Module(string name, string source) => Add(TestAssembly.Library(new SourceFile($"{name}.cs", source)).WithAssemblyName(name));

    /// <summary>What is not written in C#.</summary>
    internal Solution Foreign(byte[] image) => Reference(image);

    /// <summary>The application: its class Story has a method TellAsync, which says what happened.</summary>
    internal async Task<IReadOnlyList<string>> RunAsync(string source)
    {
        Add(TestAssembly.Program(new SourceFile("Shop.cs", source)).WithAssemblyName("Acme.Shop"));
        var context = new AssemblyLoadContext("Acme", isCollectible: true);
        try
        {
            var loaded = _images.ConvertAll(image => context.LoadFromStream(new MemoryStream(image)));
            context.Resolving += (_, name) => loaded.Find(each => each.GetName().Name == name.Name);
            var tell = loaded[^1].GetType("Story", throwOnError: true)!.GetMethod("TellAsync", BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public)!;
            return await (Task<IReadOnlyList<string>>)tell.Invoke(null, null)!;
        }
        finally
        {
            context.Unload();
        }
    }

    private Solution Add(Microsoft.CodeAnalysis.CSharp.CSharpCompilation compilation)
    {
        var output = GeneratorTest.Compile(compilation.AddReferences(_references));
        using var image = new MemoryStream();
        output.Emit(image, cancellationToken: TestContext.Current.CancellationToken).Diagnostics
            .Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error || (diagnostic.Severity == DiagnosticSeverity.Warning && GeneratorTest.IsIn(diagnostic.Location)))
            .ShouldBeEmpty();
        return Reference(image.ToArray());
    }

    private Solution Reference(byte[] image)
    {
        _images.Add(image);
        _references.Add(MetadataReference.CreateFromImage(image));
        return this;
    }
}
