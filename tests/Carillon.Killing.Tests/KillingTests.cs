using System.Globalization;
using Carillon.Killing.App.Proof;

namespace Carillon.Killing.Tests;

/// <summary>
/// Orders are placed and worked off while the processes that do so, and the servers that they do it on, are killed again and again. What was committed has every effect at least
/// once, that of a transactional listener exactly once, each key in its order; what was rolled back has none; nothing is left over.
/// </summary>
public sealed class KillingTests(ITestOutputHelper output)
{
    private static readonly int Kills = Number("CARILLON_KILLS") ?? 10;

    [Fact] // B2
    public async Task However_often_a_process_on_SQLite_is_killed()
    {
        Judge(await Proofs.KillOnSqliteAsync(Kills, Seeded()));
    }

    [Fact]
    public async Task However_often_processes_on_PostgreSQL_are_killed()
    {
        await using var server = await PostgresServer.FindAsync("killing-tests");
        Judge(await Proofs.KillOnPostgresAsync(server, Kills, Seeded()));
    }

    [Fact]
    public async Task However_often_the_server_is_stopped_or_killed_or_cuts_connections()
    {
        await using var server = await PostgresServer.StartAsync("killing-tests");
        Judge(await Proofs.KillServerAsync(server, Kills, Enum.GetValues<Outage>(), Seeded()));
    }

    private static int? Number(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } given ? int.Parse(given, CultureInfo.InvariantCulture) : null;

    private Random Seeded()
    {
        var seed = Number("CARILLON_KILLING_SEED") ?? Environment.TickCount;
        output.WriteLine($"seed: {seed} (repeat with CARILLON_KILLING_SEED={seed})");
        return new Random(seed);
    }

    private void Judge(ProofResult result)
    {
        output.WriteLine(result.ToString());
        result.Verdict.Faults.ShouldBeEmpty();
        result.Verdict.Lost.ShouldBe(0);
        result.Verdict.Committed.ShouldBeGreaterThan(result.Kills);
        result.Told.RolledBack.ShouldNotBeEmpty();
    }
}
