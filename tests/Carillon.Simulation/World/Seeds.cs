using System.Security.Cryptography;
using System.Text;

namespace Carillon.Simulation.World;

/// <summary>Runs seeds and says which of them failed.</summary>
internal static class Seeds
{
    private const int MostFailures = 5;

    internal static async Task<int> RunAsync(int first, int count, Sabotage sabotage)
    {
        int failures = 0, crashes = 0;
        long steps = 0;
        for (var seed = first; seed < first + count && failures < MostFailures; seed++)
        {
            var world = new SimulatedWorld(seed, sabotage);
            if (await FindFaultAsync(world) is { } fault)
            {
                failures++;
                Console.WriteLine($"seed {seed} failed: {fault}");
            }

            crashes += world.Crashes;
            steps += world.Scheduler.Trace.Count;
        }

        Console.WriteLine($"seeds {count}, failed {failures}, steps {steps}, crashes {crashes}");
        return failures == 0 ? 0 : 1;
    }

    internal static async Task<int> RunOneAsync(int seed, bool showsTrace)
    {
        var world = new SimulatedWorld(seed, Sabotage.None);
        var fault = await FindFaultAsync(world);
        if (showsTrace)
        {
            foreach (var line in world.Scheduler.Trace)
            {
                Console.WriteLine(line);
            }
        }

        var digest = SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', world.Scheduler.Trace)));
        Console.WriteLine($"trace {Convert.ToHexStringLower(digest)}");
        Console.WriteLine(fault is null ? $"seed {seed} holds" : $"seed {seed} failed: {fault}");
        return fault is null ? 0 : 1;
    }

    private static async Task<string?> FindFaultAsync(SimulatedWorld world)
    {
        try
        {
            await world.RunAsync();
            return null;
        }
        catch (Exception exception)
        {
            return exception is SimulationFailedException ? exception.Message : exception.ToString();
        }
    }
}
