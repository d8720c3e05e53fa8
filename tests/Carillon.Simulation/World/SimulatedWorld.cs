using Carillon.Deliveries;
using Carillon.Simulation.Application;
using Carillon.Simulation.Database;
using Carillon.Simulation.Processes;

namespace Carillon.Simulation.World;

/// <summary>One run: a database, processes that come and go, and a scheduler that decides everything by its seed.</summary>
internal sealed class SimulatedWorld(int seed, Sabotage sabotage)
{
    private const int MostOrders = 14;

    private readonly List<SimulatedProcess> _processes = [];
    private int _started;

    internal Scheduler Scheduler { get; } = new(seed);

    internal Sabotage Sabotage => sabotage;

    internal SimulatedDatabase Database { get; } = new();

    internal Ledger Ledger { get; } = new();

    internal Weather Weather { get; private set; } = new();

    /// <summary>How many processes died at a step.</summary>
    internal int Crashes { get; private set; }

    /// <exception cref="SimulationFailedException">Something that must always hold did not.</exception>
    internal async Task RunAsync()
    {
        Weather = Weather.Of(Scheduler.Random);
        var alive = Scheduler.Random.Next(1, 4);
        var orders = Scheduler.Random.Next(4, MostOrders);
        await Scheduler.RunAsync(() => Ledger.Begun >= orders, () => Interfere(alive));
        Weather.Calm();
        // What is on its way ends; then nothing new comes, and all that was promised is kept.
        Ledger.Close();
        await Scheduler.RunAsync(() => Ledger.IsAtRest && IsDrained(), () => KeepAlive(alive));
        Invariants.Check(this);
        _processes.FindAll(static process => !process.HasEnded).ForEach(static process => process.Kill());
    }

    /// <summary>Calls something outside the process: at a step, perhaps in vain, perhaps without an answer.</summary>
    internal async Task<TResult> CallAsync<TResult>(SimulatedProcess process, string what, Func<TResult> call, CancellationToken cancellationToken)
    {
        await Scheduler.StepAsync(process, what, cancellationToken);
        if (Scheduler.Chance(Weather.Refused))
        {
            throw new InjectedFaultException($"Refused: {process.Name} {what}.");
        }

        var result = call();
        await Scheduler.StepAsync(process, $"{what}: answer", CancellationToken.None);
        return Scheduler.Chance(Weather.AnswerLost) ? throw new InjectedFaultException($"Answer lost: {process.Name} {what}.") : result;
    }

    private void Interfere(int alive)
    {
        KeepAlive(alive);
        if (_processes.Find(static process => !process.HasEnded && !process.IsStopping) is not { } first)
        {
            return;
        }

        if (Scheduler.Chance(Weather.Crash))
        {
            Crashes++;
            Any(first).Kill();
        }
        else if (Scheduler.Chance(Weather.Stop))
        {
            _ = Any(first).StopAsync();
        }
    }

    private void KeepAlive(int alive)
    {
        if (_processes.Find(static process => process.Fault is not null) is { } faulty)
        {
            throw new SimulationFailedException($"{faulty.Name} ended with an exception that nobody has injected: {faulty.Fault}");
        }

        while (_processes.Count(static process => !process.HasEnded) < alive)
        {
            var process = new SimulatedProcess(this, $"p{++_started}");
            _processes.Add(process);
            Scheduler.Note($"{process.Name} starts");
            _ = process.RunAsync();
        }
    }

    private SimulatedProcess Any(SimulatedProcess orElse)
    {
        var running = _processes.FindAll(static process => !process.HasEnded && !process.IsStopping);
        return running.Count == 0 ? orElse : running[Scheduler.Random.Next(running.Count)];
    }

    private bool IsDrained()
    {
        var now = Scheduler.Time.GetUtcNow();
        var counts = AtOnce.Now(Database.Deliveries.CountAsync(now, CancellationToken.None));
        if (counts.Keys.Any(static state => state is DeliveryState.Ready or DeliveryState.Leased or DeliveryState.Parked))
        {
            return false;
        }

        // The next tick of the schedule always waits.
        var scheduled = AtOnce.Now(Database.Deliveries.ListAsync(new DeliveryQuery { State = DeliveryState.Scheduled }, now, CancellationToken.None));
        return scheduled is [{ EventName: "carillon.tick" }];
    }
}
