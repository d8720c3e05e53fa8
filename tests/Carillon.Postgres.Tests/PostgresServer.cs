using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Carillon.Postgres.Tests;

/// <summary>A server of a test's own, which can be killed.</summary>
internal sealed class PostgresServer : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("carillon-postgres");

    internal string ConnectionString { get; private set; } = "";

    internal static async Task<PostgresServer> StartAsync()
    {
        var server = new PostgresServer();
        var said = await server.RunAsync("start");
        server.ConnectionString = said.Trim()[(said.IndexOf('=', StringComparison.Ordinal) + 1)..];
        return server;
    }

    internal Task KillAsync() => RunAsync("kill");

    internal Task AgainAsync() => RunAsync("again");

    public async ValueTask DisposeAsync() => await RunAsync("stop");

    private async Task<string> RunAsync(string command)
    {
        var start = new ProcessStartInfo(Script()) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(command);
        start.ArgumentList.Add(_folder.FullName);
        // The server of all tests is not this one's.
        start.Environment.Remove("CARILLON_TEST_POSTGRES");
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var said = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        process.ExitCode.ShouldBe(0, await error);
        return said;
    }

    private static string Script([CallerFilePath] string file = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", "..", "eng", "servers", "postgres"));
}
