using System.Diagnostics;

namespace Carillon.RabbitMq.Tests.Faults;

/// <summary>A broker of the tests' own, on a port and in a folder of its own: nobody else is hurt when it is killed.</summary>
public sealed class OwnBroker : IAsyncLifetime
{
    private const string Variable = "CARILLON_TEST_RABBITMQ";

    private static readonly string Script = FindScript();

    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"carillon-rabbitmq-{Environment.ProcessId}");

    public string Address { get; private set; } = "";

    public async ValueTask InitializeAsync() => Address = (await RunAsync("start", _folder)).Trim()[$"{Variable}=".Length..];

    /// <summary>SIGKILL, and started again on the same port with what is on its disk.</summary>
    public async Task KillAndRestartAsync()
    {
        await RunAsync("kill", _folder);
        await RunAsync("again", _folder);
    }

    /// <summary>As for maintenance.</summary>
    public async Task ShutAndRestartAsync()
    {
        await RunAsync("shut", _folder);
        await RunAsync("again", _folder);
    }

    public Task ControlAsync(params string[] arguments) => RunAsync(["ctl", _folder, .. arguments]);

    public async ValueTask DisposeAsync() => await RunAsync("stop", _folder);

    private static async Task<string> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo(Script, arguments) { RedirectStandardOutput = true };
        // Otherwise the script takes the broker that is there.
        start.Environment.Remove(Variable);
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
