using System.Diagnostics;

namespace Carillon.Benchmarks.Transport;

/// <summary>The server that a variable names, or a throw-away one of eng/servers, which is stopped at the end.</summary>
internal sealed class Server : IDisposable
{
    private readonly string _script;
    private readonly string _folder;
    private readonly bool _isOurs;

    internal Server(string name)
    {
        _script = $"eng/servers/{name}";
        _folder = Path.GetFullPath(Path.Combine("artifacts", "benchmarks", name));
        var variable = $"CARILLON_TEST_{name.ToUpperInvariant()}";
        if (Environment.GetEnvironmentVariable(variable) is { Length: > 0 } given)
        {
            Address = given;
            return;
        }

        _isOurs = true;
        Address = Run("start").Trim()[$"{variable}=".Length..];
    }

    internal string Address { get; }

    public void Dispose()
    {
        if (_isOurs)
        {
            Run("stop");
        }
    }

    private string Run(string verb)
    {
        using var process = Process.Start(new ProcessStartInfo(_script, [verb, _folder]) { RedirectStandardOutput = true })!;
        var said = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? said : throw new InvalidOperationException($"{_script} {verb} ended with {process.ExitCode}.");
    }
}
