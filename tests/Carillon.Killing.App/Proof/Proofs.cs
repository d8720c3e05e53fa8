using Carillon.Killing.App.Database;

namespace Carillon.Killing.App.Proof;

/// <summary>What is killed, how often and when.</summary>
/// <remarks>
/// A moment is so many lines after the last: that can be repeated with the seed and needs no clock. Since processes and servers go on while a line is read, where a kill finds them
/// is as good as random all the same.
/// </remarks>
internal static class Proofs
{
    // Of so many lives one ends during its first lines: whatever a start does must survive a kill too.
    private const int KilledWhileStartingOneIn = 6;
    private const int LinesOfStart = 3;
    private const int MostLines = 150;

    // And so often everybody dies at once.
    private const int AllAtOnceOneIn = 4;

    private const int PostgresProcesses = 3;
    private const int MostLinesBetweenOutages = 60;

    internal static async Task<ProofResult> KillOnSqliteAsync(int kills, Random random)
    {
        using var folder = new TemporaryFolder();
        return await KillAsync("SQLite, its process killed", new SqliteShop($"Data Source={folder.Of("shop.db")}"), processes: 1, kills, random);
    }

    internal static async Task<ProofResult> KillOnPostgresAsync(PostgresServer server, int kills, Random random) =>
        await KillAsync($"PostgreSQL, {PostgresProcesses} processes killed", new PostgresShop(await server.CreateDatabaseAsync()), PostgresProcesses, kills, random);

    /// <summary>Each outage so many times, in a random order.</summary>
    internal static async Task<ProofResult> KillServerAsync(PostgresServer server, int each, IReadOnlyList<Outage> outages, Random random)
    {
        await using var scene = await Scene.OpenAsync(new PostgresShop(await server.CreateDatabaseAsync()), processes: 2, random);
        await scene.RecoverAsync();
        var all = Enumerable.Repeat(outages, each).SelectMany(outage => outage).ToArray();
        random.Shuffle(all);
        foreach (var outage in all)
        {
            var process = scene.Processes[random.Next(scene.Processes.Count)];
            process.CatchUp();
            await process.PassAsync(random.Next(1, MostLinesBetweenOutages));
            await server.SufferAsync(outage);
            await scene.RecoverAsync();
        }

        return await scene.EndAsync($"PostgreSQL, its server: {string.Join(", ", outages)}", all.Length);
    }

    private static async Task<ProofResult> KillAsync(string name, ShopDatabase database, int processes, int kills, Random random)
    {
        await using var scene = await Scene.OpenAsync(database, processes, random);
        var kill = 0;
        while (kill < kills)
        {
            var chosen = random.Next(processes);
            await PassAsync(scene.Processes[chosen], random);
            var all = processes > 1 && random.Next(AllAtOnceOneIn) == 0;
            for (var at = 0; at < processes; at++)
            {
                if (all || at == chosen)
                {
                    await scene.ReplaceAsync(at);
                    kill++;
                }
            }
        }

        return await scene.EndAsync(name, kill);
    }

    private static Task PassAsync(ShopProcess process, Random random)
    {
        if (random.Next(KilledWhileStartingOneIn) == 0)
        {
            return process.PassAsync(random.Next(1, LinesOfStart + 1));
        }

        process.CatchUp();
        return process.PassAsync(random.Next(1, MostLines));
    }
}
