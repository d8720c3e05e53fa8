using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Carillon.Benchmarks.Aot;

/// <summary>A program that is published with NativeAOT: as net9.0, whose compiler can be had; the sources are those of net10.0.</summary>
/// <param name="folder">Where its project lies.</param>
/// <param name="arguments">What it is to do.</param>
internal sealed partial class NativeProgram(string folder, params string[] arguments)
{
    private readonly string _name = Path.GetFileName(folder);

    private string Executable => Path.Combine("artifacts", "aot", "publish", _name, "release", _name);

    /// <summary>The same program, told to do something else.</summary>
    internal NativeProgram With(params string[] others) => new(folder, others);

    /// <returns>The warnings of the trimmer and of the compiler, each once; null if it could not be published.</returns>
    internal string[]? Publish()
    {
        // A compiler that finds its work done says nothing.
        var compiled = Path.Combine("artifacts", "aot", "obj", _name, "release", "native");
        if (Directory.Exists(compiled))
        {
            Directory.Delete(compiled, recursive: true);
        }

        string[] command =
        [
            "publish", folder, "-c", "Release", "-v", "minimal", "--nologo", "-p:CarillonAotStandIn=true",
            // To be counted, not to end the run.
            "-p:TreatWarningsAsErrors=false",
        ];
        using var publish = Process.Start(new ProcessStartInfo("dotnet", command) { RedirectStandardOutput = true })!;
        var said = publish.StandardOutput.ReadToEnd();
        Console.Error.Write(said);
        publish.WaitForExit();
        return publish.ExitCode == 0 ? [.. Warning().Matches(said).Select(match => match.Value).Distinct()] : null;
    }

    /// <summary>From the start of the process to its end, in milliseconds.</summary>
    internal double Run()
    {
        var started = Stopwatch.GetTimestamp();
        using var process = Process.Start(new ProcessStartInfo(Executable, arguments) { UseShellExecute = false })!;
        process.WaitForExit();
        var took = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        return process.ExitCode == 0 ? took : throw new InvalidOperationException($"{_name} ended with {process.ExitCode}. Run {Executable} {string.Join(' ', arguments)} to see why.");
    }

    [GeneratedRegex(@"\b(warning|error) IL\d{4}: .*")]
    private static partial Regex Warning();
}
