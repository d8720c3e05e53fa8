using System.Diagnostics;
using System.Globalization;

namespace Carillon.Benchmarks.Startup;

/// <summary>One of the programs that are compared, built without ahead-of-time compilation of any kind, like any program out of <c>dotnet build</c>.</summary>
internal sealed class MeasuredProgram(string name)
{
    private readonly string _path = Path.Combine("artifacts", "bin", name, "release", name);

    internal bool Build()
    {
        var command = new ProcessStartInfo("dotnet", ["build", Path.Combine("benchmarks", name), "-c", "Release", "-v", "quiet", "--nologo"]) { RedirectStandardOutput = true };
        using var build = Process.Start(command)!;
        // Standard output is for what was measured.
        Console.Error.Write(build.StandardOutput.ReadToEnd());
        build.WaitForExit();
        return build.ExitCode == 0;
    }

    /// <summary>From the start of the process to its end, in milliseconds.</summary>
    internal double Run()
    {
        var started = Stopwatch.GetTimestamp();
        using var process = Process.Start(new ProcessStartInfo(_path) { UseShellExecute = false })!;
        process.WaitForExit();
        var took = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        return process.ExitCode == 0 ? took : throw new InvalidOperationException($"{name} ended with {process.ExitCode}. Run {_path} to see why.");
    }

    /// <summary>The first dispatch of each of some further types, in microseconds.</summary>
    internal double[] RunFirst()
    {
        using var process = Process.Start(new ProcessStartInfo(_path, ["first"]) { RedirectStandardOutput = true })!;
        var lines = process.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        process.WaitForExit();
        return process.ExitCode == 0
            ? [.. lines.Select(line => double.Parse(line, CultureInfo.InvariantCulture))]
            : throw new InvalidOperationException($"{name} ended with {process.ExitCode}. Run {_path} first to see why.");
    }
}
