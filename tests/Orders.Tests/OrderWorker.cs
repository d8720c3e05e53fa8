using System.Diagnostics;

namespace Orders.Tests;

/// <summary>The sample's worker as a process of its own.</summary>
internal static class OrderWorker
{
    // What SIGKILL leaves as an exit code: 128 + 9.
    internal const int Killed = 137;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>Runs it until it has killed itself at this moment, or until the process of the order has ended.</summary>
    internal static async Task<int> RunAsync(OrderFolder folder, string id, string sku, int amount, params string[] moment)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardError = true };
        foreach (var argument in (string[])[Path.Combine(AppContext.BaseDirectory, "Orders.Killing.App.dll"), folder.Path, id, sku, $"{amount}", .. moment])
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        try
        {
            await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Patience, TimeProvider.System);
        }
        finally
        {
            process.Kill(entireProcessTree: true);
        }

        if (process.ExitCode is not (0 or Killed))
        {
            Assert.Fail(await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
        }

        return process.ExitCode;
    }
}
