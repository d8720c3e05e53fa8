using System.Globalization;
using Carillon.Benchmarks.Report;

namespace Carillon.Killing.App.Proof;

/// <summary>What <c>./bench durable killing</c> runs: everything, often, and a table of it.</summary>
internal static class LongProof
{
    private const int DefaultKills = 50;

    /// <returns>The exit code: 0 if nothing was wrong.</returns>
    internal static async Task<int> RunAsync(string[] options)
    {
        var kills = Option(options, "--kills") ?? DefaultKills;
        var seed = Option(options, "--seed") ?? Environment.TickCount;
        Console.Error.WriteLine($"seed: {seed} (repeat with --seed {seed})");
        var random = new Random(seed);

        await using var server = await PostgresServer.StartAsync("killing-long");
        var results = new List<ProofResult>
        {
            Tell(await Proofs.KillOnSqliteAsync(kills, random)),
            Tell(await Proofs.KillOnPostgresAsync(server, kills, random)),
        };
        foreach (var outage in Enum.GetValues<Outage>())
        {
            results.Add(Tell(await Proofs.KillServerAsync(server, kills, [outage], random)));
        }

        Print(results);
        return results.TrueForAll(result => result.Verdict.Faults.Count == 0) ? 0 : 1;
    }

    private static ProofResult Tell(ProofResult result)
    {
        Console.Error.WriteLine($"  {result}");
        foreach (var fault in result.Verdict.Faults)
        {
            Console.Error.WriteLine($"  FAULT: {fault}");
        }

        return result;
    }

    private static void Print(List<ProofResult> results)
    {
        var table = new TextTable(ProofResult.Header);
        results.ForEach(result => table.Add(result.Row));
        table.Print();
        var all = results.SelectMany(result => result.Recoveries).Order().ToList();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"lost {results.Sum(result => result.Verdict.Lost)} duplicates {results.Sum(result => result.Verdict.Duplicates)} faults {results.Sum(result => result.Verdict.Faults.Count)} recover p50/max {all[all.Count / 2].TotalMilliseconds:0} {all[^1].TotalMilliseconds:0} ms"));
    }

    private static int? Option(string[] options, string name) =>
        Array.IndexOf(options, name) is >= 0 and var at && at + 1 < options.Length ? int.Parse(options[at + 1], CultureInfo.InvariantCulture) : null;
}
