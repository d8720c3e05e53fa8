using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using Npgsql;

namespace Carillon.Killing.App.Proof;

/// <summary>A PostgreSQL server of the proof's own, on a port and in a folder of its own: nobody else is hurt when it dies.</summary>
internal sealed class PostgresServer : IAsyncDisposable
{
    private const string Variable = "CARILLON_TEST_POSTGRES";

    private static readonly string Script = Path.Combine(
        typeof(PostgresServer).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(metadata => metadata.Key == "RepositoryRoot").Value!,
        "eng/servers/postgres");

    private readonly TemporaryFolder _folder = new();
    private int _databases;

    private PostgresServer()
    {
    }

    internal string ConnectionString { get; private set; } = "";

    internal static async Task<PostgresServer> StartAsync()
    {
        var server = new PostgresServer();
        try
        {
            var said = await server.RunAsync("start");
            server.ConnectionString = said.Split('\n').Single(line => line.StartsWith(Variable, StringComparison.Ordinal))[(Variable.Length + 1)..];
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <returns>The connection string of a new database.</returns>
    internal async Task<string> CreateDatabaseAsync()
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"shop{++_databases}");
        await ExecuteAsync($"CREATE DATABASE {name}");
        return new NpgsqlConnectionStringBuilder(ConnectionString) { Database = name }.ConnectionString;
    }

    internal async Task SufferAsync(Outage outage)
    {
        switch (outage)
        {
            case Outage.ConnectionsCut:
                await ExecuteAsync("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()");
                return;
            case Outage.StoppedFast:
                await RunAsync("shut");
                break;
            case Outage.StoppedAtOnce:
                await RunAsync("crash");
                break;
            case Outage.Killed:
                await RunAsync("kill");
                break;
        }

        await RunAsync("again");
    }

    public async ValueTask DisposeAsync()
    {
        await RunAsync("stop");
        if (Directory.Exists(_folder.Path))
        {
            _folder.Dispose();
        }
    }

    // Not from a pool: its connections would be dead after each outage.
    private async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(ConnectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private async Task<string> RunAsync(string what)
    {
        var start = new ProcessStartInfo(Script, [what, _folder.Path]) { RedirectStandardOutput = true, RedirectStandardError = true };
        // With it the script would give us the server of others.
        start.Environment.Remove(Variable);
        using var script = Process.Start(start)!;
        var error = script.StandardError.ReadToEndAsync();
        var output = await script.StandardOutput.ReadToEndAsync();
        await script.WaitForExitAsync();
        return script.ExitCode == 0
            ? output
            : throw new InvalidOperationException($"'{Script} {what}' ended with exit code {script.ExitCode}: {await error}{output}");
    }
}
