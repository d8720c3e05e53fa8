using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using Npgsql;

namespace Carillon.Killing.App.Proof;

/// <summary>A PostgreSQL server of the proof's own, on a port and in a folder of its own: nobody else is hurt when it dies. Or one of others, which is left alone.</summary>
internal sealed class PostgresServer : IAsyncDisposable
{
    private const string Variable = "CARILLON_TEST_POSTGRES";

    private static readonly string Root =
        typeof(PostgresServer).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(metadata => metadata.Key == "RepositoryRoot").Value!;

    private static readonly string Script = Path.Combine(Root, "eng/servers/postgres");

    private readonly string? _folder;
    private readonly string _connectionString;
    private readonly List<string> _databases = [];

    private PostgresServer(string? folder, string connectionString) => (_folder, _connectionString) = (folder, connectionString);

    /// <param name="name">Of its folder. What an interrupted proof of the same name has left is removed.</param>
    internal static async Task<PostgresServer> StartAsync(string name)
    {
        var folder = Path.Combine(Root, "artifacts/servers", name);
        var said = await RunAsync("start", folder);
        return new PostgresServer(folder, said.Split('\n').Single(line => line.StartsWith(Variable, StringComparison.Ordinal))[(Variable.Length + 1)..]);
    }

    /// <summary>The one that <c>./test</c> has started; without it one of its own.</summary>
    internal static async Task<PostgresServer> FindAsync(string name) =>
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given ? new PostgresServer(folder: null, given) : await StartAsync(name);

    /// <returns>The connection string of a new database.</returns>
    internal async Task<string> CreateDatabaseAsync()
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"killing_{Environment.ProcessId}_{_databases.Count}");
        await ExecuteAsync($"CREATE DATABASE {name}");
        _databases.Add(name);
        return new NpgsqlConnectionStringBuilder(_connectionString) { Database = name }.ConnectionString;
    }

    internal async Task SufferAsync(Outage outage)
    {
        if (_folder is null)
        {
            throw new InvalidOperationException("This server belongs to others.");
        }

        switch (outage)
        {
            case Outage.ConnectionsCut:
                await ExecuteAsync("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()");
                return;
            case Outage.StoppedFast:
                await RunAsync("shut", _folder);
                break;
            case Outage.StoppedAtOnce:
                await RunAsync("crash", _folder);
                break;
            case Outage.Killed:
                await RunAsync("kill", _folder);
                break;
        }

        await RunAsync("again", _folder);
    }

    public async ValueTask DisposeAsync()
    {
        if (_folder is not null)
        {
            await RunAsync("stop", _folder);
            return;
        }

        foreach (var name in _databases)
        {
            await ExecuteAsync($"DROP DATABASE {name} WITH (FORCE)");
        }
    }

    // Not from a pool: its connections would be dead after each outage.
    private async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(_connectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<string> RunAsync(string what, string folder)
    {
        var start = new ProcessStartInfo(Script, [what, folder]) { RedirectStandardOutput = true, RedirectStandardError = true };
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
