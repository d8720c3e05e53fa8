using System.Diagnostics;
using System.Globalization;

namespace Carillon.RabbitMq.Tests.Faults;

/// <summary>A broker of the tests' own, on a port and in a folder of its own: nobody else is hurt when it is killed.</summary>
public sealed class OwnBroker : IAsyncLifetime
{
    private const string Variable = "CARILLON_TEST_RABBITMQ";

    private static readonly string Script = FindScript();

    private static int _count;

    private readonly string _folder = Path.Combine(Path.GetTempPath(), string.Create(CultureInfo.InvariantCulture, $"carillon-rabbitmq-{Environment.ProcessId}-{Interlocked.Increment(ref _count)}"));
    private readonly string? _configuration;

    public OwnBroker()
    {
    }

    /// <param name="configuration">A file with more lines for rabbitmq.conf.</param>
    internal OwnBroker(string configuration) => _configuration = configuration;

    public string Address { get; private set; } = "";

    public async ValueTask InitializeAsync() => Address = (await RunAsync("start", _folder)).Trim()[$"{Variable}=".Length..];

    /// <summary>SIGKILL, and started again on the same port with what is on its disk.</summary>
    public async Task KillAndRestartAsync()
    {
        await KillAsync();
        await StartAgainAsync();
    }

    /// <summary>As for maintenance.</summary>
    public async Task ShutAndRestartAsync()
    {
        await RunAsync("shut", _folder);
        await StartAgainAsync();
    }

    /// <summary>Its sockets stay open, and nobody reads from them.</summary>
    public Task FreezeAsync() => RunAsync("freeze", _folder);

    public Task ThawAsync() => RunAsync("thaw", _folder);

    public Task KillAsync() => RunAsync("kill", _folder);

    public Task StartAgainAsync() => RunAsync("again", _folder);

    public Task ControlAsync(params string[] arguments) => AskAsync(arguments);

    /// <summary>What rabbitmqctl answers.</summary>
    public Task<string> AskAsync(params string[] arguments) => RunAsync(["ctl", _folder, .. arguments]);

    public async ValueTask DisposeAsync() => await RunAsync("stop", _folder);

    private async Task<string> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo(Script, arguments) { RedirectStandardOutput = true };
        // Otherwise the script takes the broker that is there.
        start.Environment.Remove(Variable);
        start.Environment["CARILLON_RABBITMQ_CONFIGURATION"] = _configuration;
        using var process = Process.Start(start)!;
        var said = await process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        await process.WaitForExitAsync(CancellationToken.None);
        process.ExitCode.ShouldBe(0, $"{Script} {string.Join(' ', arguments)}");
        return said;
    }

    private static string FindScript()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "eng", "servers", "rabbitmq")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("There is no eng/servers/rabbitmq above the tests.");
        }

        return Path.Combine(folder, "eng", "servers", "rabbitmq");
    }
}
