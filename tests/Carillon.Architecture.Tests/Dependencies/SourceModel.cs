using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Carillon.Architecture.Tests.Dependencies;

/// <summary>The sources of one package, understood by the compiler: which type a file names, also without a using.</summary>
internal sealed class SourceModel
{
    private readonly CSharpCompilation _compilation;

    private SourceModel(CSharpCompilation compilation) => _compilation = compilation;

    internal static SourceModel Of(string package)
    {
        var options = new CSharpParseOptions(LanguageVersion.Preview);
        var trees = Repository.Files($"src/{package}", "*.cs")
            .Append(GlobalUsings(package))
            .Select(file => CSharpSyntaxTree.ParseText(Repository.Text(file), options, file));
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileNameWithoutExtension(path) != package)
            .Select(path => MetadataReference.CreateFromFile(path));
        return new(CSharpCompilation.Create(package, trees, references, new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary)));
    }

    /// <summary>For each file, every type of the same package whose name or member its code mentions. Documentation may point anywhere.</summary>
    internal IEnumerable<(string File, INamedTypeSymbol Used)> Uses() =>
        from tree in _compilation.SyntaxTrees
        where tree.FilePath.StartsWith("src/", StringComparison.Ordinal)
        let model = _compilation.GetSemanticModel(tree)
        from used in Uses(tree, model).Distinct<INamedTypeSymbol>(SymbolEqualityComparer.Default)
        select (tree.FilePath, used);

    private IEnumerable<INamedTypeSymbol> Uses(SyntaxTree tree, SemanticModel model) =>
        from name in tree.GetRoot().DescendantNodes(node => node is not UsingDirectiveSyntax).OfType<SimpleNameSyntax>()
        let symbol = model.GetSymbolInfo(name).Symbol
        let type = symbol as INamedTypeSymbol ?? symbol?.ContainingType
        where type is not null && SymbolEqualityComparer.Default.Equals(type.ContainingAssembly, _compilation.Assembly)
        select type.OriginalDefinition;

    private static string GlobalUsings(string package) =>
        $"artifacts/obj/{package}/{Repository.Configuration.ToLowerInvariant()}/{package}.GlobalUsings.g.cs";
}
