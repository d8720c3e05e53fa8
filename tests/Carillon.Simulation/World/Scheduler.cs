using System.Globalization;
using Carillon.Simulation.Processes;
using Carillon.Testing;

namespace Carillon.Simulation.World;

/// <summary>Decides, by its seed alone, who goes on next and when time passes, and writes down what it has decided.</summary>
internal sealed class Scheduler(int seed)
{
    // Enough for every run that was ever seen to end, twenty times over.
    private const int MaxDecisions = 20_000;

    internal static readonly DateTimeOffset Start = new SimulatedTime().GetUtcNow();

    private readonly List<Step> _waiting = [];
    private readonly List<string> _trace = [];
    private int _decisions;

    internal int Seed => seed;

    internal Random Random { get; } = new(seed);

    internal SimulatedTime Time { get; } = new();

    /// <summary>What has happened, line by line: the same for the same seed.</summary>
    internal IReadOnlyList<string> Trace => _trace;

    internal bool Chance(double probability) => Random.NextDouble() < probability;

    internal void Note(string what) =>
        _trace.Add(string.Create(CultureInfo.InvariantCulture, $"{(Time.GetUtcNow() - Start).TotalSeconds,10:F3} {what}"));

    /// <summary>Waits until the scheduler lets this process go on; for ever if the process dies first.</summary>
    internal Task StepAsync(SimulatedProcess process, string name, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var step = new Step(process, name);
        if (process.IsDead)
        {
            return step.Passed;
        }

        _waiting.Add(step);
        cancellationToken.UnsafeRegister(
            (_, token) =>
            {
                if (_waiting.Remove(step))
                {
                    step.Cancel(token);
                }
            },
            null);
        return step.Passed;
    }

    /// <summary>What a dead process waits for never comes.</summary>
    internal void Forget(SimulatedProcess process) => _waiting.RemoveAll(step => step.Process == process);

    /// <summary>Lets things happen until the end is reached.</summary>
    /// <param name="isOver">Asked before each decision, when everybody waits.</param>
    /// <param name="interfere">Something of the world's own may happen before each decision: a process dies, another one starts.</param>
    internal async Task RunAsync(Func<bool> isOver, Action interfere)
    {
        while (true)
        {
            await OneThread.IdleAsync();
            if (isOver())
            {
                return;
            }

            if (++_decisions > MaxDecisions)
            {
                throw new SimulationFailedException($"Nothing has come to an end after {MaxDecisions} steps.");
            }

            interfere();
            Decide();
        }
    }

    private void Decide()
    {
        if (_waiting.Count > 0 && Chance(0.85))
        {
            var index = Random.Next(_waiting.Count);
            var step = _waiting[index];
            _waiting.RemoveAt(index);
            Note($"{step.Process.Name} {step.Name}");
            step.Pass();
            return;
        }

        // Mostly moments; now and then long enough for a lease to end.
        Time.Advance(TimeSpan.FromMilliseconds(Chance(0.05) ? Random.Next(1_000, 12_000) : Random.Next(1, 400)));
    }
}
