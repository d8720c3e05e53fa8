using System.IO.Compression;

namespace Carillon.Architecture.Tests.Packaging;

[CollectionDefinition(nameof(PackedSolution))]
public sealed class PackedSolutionTests : ICollectionFixture<PackedSolution>;

/// <summary>The packages, made once by `dotnet pack` from what was built, in a folder that goes away.</summary>
public sealed class PackedSolution : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("carillon-packages-");

    /// <summary>One that nobody has in a cache.</summary>
    internal string Version => "0.1.0-test." + _folder.Name.Split('-')[^1];

    internal string Folder => _folder.FullName;

    public async ValueTask InitializeAsync() =>
        await DotnetCommand.RunAsync(
            Repository.Root, TestContext.Current.CancellationToken,
            "pack", "Carillon.slnx", "--no-build", "-c", Repository.Configuration, "-o", Folder, "-p:Version=" + Version, "-v", "quiet");

    public ValueTask DisposeAsync()
    {
        _folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    internal IReadOnlyList<string> Made(string extension) =>
        [.. _folder.EnumerateFiles("*." + extension).Select(file => file.Name[..^($".{Version}.{extension}".Length)])];

    internal ZipArchive Open(string package, string extension = "nupkg") =>
        ZipFile.OpenRead(Path.Combine(Folder, $"{package}.{Version}.{extension}"));
}
