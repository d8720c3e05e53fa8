using System.Diagnostics;

namespace Carillon.Benchmarks.Durable.Postgres;

/// <summary>The server that CARILLON_TEST_POSTGRES names, or a throw-away one of eng/servers/postgres, which is stopped at the end.</summary>
internal sealed class PostgresServer : IDisposable
{
    private const string Variable = "CARILLON_TEST_POSTGRES";
    private const string Script = "eng/servers/postgres";

    private readonly string _folder = Path.GetFullPath(Path.Combine("artifacts", "benchmarks", "postgres"));
    private readonly bool _isOurs;

    internal PostgresServer()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given)
        {
            ConnectionString = given;
            return;
        }

        _isOurs = true;
        ConnectionString = Run("start").Trim()[$"{Variable}=".Length..];
    }

    internal string ConnectionString { get; }

    public void Dispose()
    {
        if (_isOurs)
        {
            Run("stop");
        }
    }

    private string Run(string verb)
    {
        using var process = Process.Start(new ProcessStartInfo(Script, [verb, _folder]) { RedirectStandardOutput = true })!;
        var said = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? said : throw new InvalidOperationException($"{Script} {verb} ended with {process.ExitCode}.");
    }
}
