using System.Diagnostics;
using System.Reflection;

namespace Carillon.Aot.Tests;

/// <summary>tests/Carillon.Aot.App as machine code, published once for all tests.</summary>
public sealed class NativeProgram : IAsyncLifetime
{
    private const string Name = "Carillon.Aot.App";

    private static readonly string Root =
        typeof(NativeProgram).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(metadata => metadata.Key == "RepositoryRoot").Value!;

    private static string Output => Path.Combine(Root, "artifacts", "aot");

    /// <summary>What the compiler said.</summary>
    internal string Said { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        // A compiler that finds its work done says nothing, and a warning would be seen once only.
        var compiled = Path.Combine(Output, "obj", Name, "release", "native");
        if (Directory.Exists(compiled))
        {
            Directory.Delete(compiled, recursive: true);
        }

        // The analyzers have seen these sources when the solution was built; what counts here is what the compiler to machine code says.
        var (exitCode, said) = await RunAsync(
            "dotnet", "publish", Path.Combine("tests", Name), "-c", "Release", "-p:CarillonAotStandIn=true", "-p:RunAnalyzers=false", "-v", "minimal", "--nologo");
        exitCode.ShouldBe(0, said);
        Said = said;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    internal static Task<(int ExitCode, string Said)> RunNativeAsync(params string[] arguments) =>
        RunAsync(Path.Combine(Output, "publish", Name, "release", Name), arguments);

    private static async Task<(int ExitCode, string Said)> RunAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = Root,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // What the tool that started us set for its own build must not reach this one, and no build node may hold our pipes open.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("MSBuild", StringComparison.OrdinalIgnoreCase)).ToList())
        {
            start.Environment.Remove(name);
        }

        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["UseSharedCompilation"] = "false";

        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        try
        {
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        return (process.ExitCode, await output + await errors);
    }
}
