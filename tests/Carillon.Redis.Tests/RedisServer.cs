using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Carillon.Redis.Tests;

/// <summary>A server of a test's own, which can be killed.</summary>
internal sealed class RedisServer : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("carillon-redis");

    internal string Address { get; private set; } = "";

    internal static async Task<RedisServer> StartAsync(string arguments = "--appendfsync always")
    {
        var server = new RedisServer();
        var said = await server.RunAsync("start", arguments);
        server.Address = said.Trim().Split('=')[1];
        return server;
    }

    internal Task KillAsync() => RunAsync("kill");

    internal Task AgainAsync() => RunAsync("again");

    public async ValueTask DisposeAsync() => await RunAsync("stop");

    private async Task<string> RunAsync(string command, string arguments = "")
    {
        var start = new ProcessStartInfo(Script()) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(command);
        start.ArgumentList.Add(_folder.FullName);
        // The server of all tests is not this one's.
        start.Environment.Remove("CARILLON_TEST_REDIS");
        start.Environment["CARILLON_REDIS_ARGUMENTS"] = arguments;
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var said = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        process.ExitCode.ShouldBe(0, await error);
        return said;
    }

    private static string Script([CallerFilePath] string file = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", "..", "eng", "servers", "redis"));
}
