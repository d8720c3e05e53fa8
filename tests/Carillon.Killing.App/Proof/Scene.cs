using System.Diagnostics;
using Carillon.Killing.App.Database;
using Carillon.Killing.App.Work;

namespace Carillon.Killing.App.Proof;

/// <summary>A database and the processes that work on it.</summary>
internal sealed class Scene : IAsyncDisposable
{
    private readonly ShopDatabase _database;
    private readonly Random _random;
    private readonly List<ShopProcess> _processes = [];
    private readonly List<TimeSpan> _recoveries = [];
    private readonly long _started = Stopwatch.GetTimestamp();

    private Scene(ShopDatabase database, Random random) => (_database, _random) = (database, random);

    internal IReadOnlyList<ShopProcess> Processes => _processes;

    internal Told Told { get; } = new();

    internal static async Task<Scene> OpenAsync(ShopDatabase database, int processes, Random random)
    {
        var scene = new Scene(database, random);
        await database.CreateTablesAsync(CancellationToken.None);
        database.ClosePools();
        for (var number = 1; number <= processes; number++)
        {
            scene._processes.Add(scene.Start($"process {number}"));
        }

        return scene;
    }

    /// <summary>SIGKILL, and another one of the same name.</summary>
    internal async Task ReplaceAsync(int at)
    {
        var killed = _processes[at];
        await killed.KillAsync();
        killed.CatchUp();
        if (killed.Recovered is { } recovered)
        {
            _recoveries.Add(recovered);
        }

        await killed.DisposeAsync();
        _processes[at] = Start(killed.Name);
    }

    /// <summary>Something has happened to all of them, and is over now: waits until each has run a listener again.</summary>
    internal async Task RecoverAsync()
    {
        _processes.ForEach(process => process.Expect());
        _recoveries.AddRange(await Task.WhenAll(_processes.Select(process => process.RecoversAsync())));
    }

    /// <summary>Nothing more is emitted; what is there is worked off; all end in good order.</summary>
    internal async Task<ProofResult> EndAsync(string name, int kills)
    {
        foreach (var process in _processes)
        {
            _recoveries.Add(await process.RecoversAsync());
            await process.CommandAsync(Shop.Quiet);
        }

        foreach (var process in _processes)
        {
            await process.SaysAsync(Shop.Quiet);
        }

        await _processes[0].CommandAsync(Shop.Drain);
        await _processes[0].SaysAsync(Shop.Drained);
        foreach (var process in _processes)
        {
            await process.StopAsync();
        }

        return new ProofResult(name, await Verdict.OnAsync(_database, Told), Told, kills, _recoveries, Stopwatch.GetElapsedTime(_started));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes)
        {
            await process.DisposeAsync();
        }
    }

    private ShopProcess Start(string name) => ShopProcess.Start(_database, name, _random.Next(), Told);
}
