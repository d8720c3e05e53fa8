namespace Carillon.Killing.App.Proof;

internal sealed class TemporaryFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("carillon-killing-");

    internal string Path => _folder.FullName;

    internal string Of(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => _folder.Delete(recursive: true);
}
