namespace Polls.Tests.Site;

/// <summary>One site for the tests of a class, and somebody who visits it.</summary>
public sealed class RunningSite : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private SiteProcess? _process;

    internal Visitor Visitor { get; private set; } = null!;

    internal Uri Address => Visitor.Site;

    internal string DatabasePath => _folder.Of("polls.db");

    public async ValueTask InitializeAsync()
    {
        _process = SiteProcess.Start(_folder);
        Visitor = new Visitor { Site = await _process.ListensAsync() };
    }

    public async ValueTask DisposeAsync()
    {
        Visitor?.Dispose();
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        _folder.Dispose();
    }
}
