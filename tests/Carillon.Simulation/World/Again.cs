using System.Diagnostics;

namespace Carillon.Simulation.World;

/// <summary>Starts the same program with a pool of one thread, which can only be asked for from outside.</summary>
internal static class Again
{
    internal static async Task<int> RunAsync(string[] args)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, args) { Environment = { [OneThread.Variable] = "1" } };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
        {
            start.ArgumentList.Insert(0, typeof(Again).Assembly.Location);
        }

        using var process = Process.Start(start)!;
        await process.WaitForExitAsync();
        return process.ExitCode;
    }
}
