using System.Diagnostics;
using System.Globalization;
using Carillon.Benchmarks.Report;

namespace Carillon.Benchmarks.InProcess.Running;

/// <summary>Two benchmarks in turn, a few milliseconds each, in one process: a machine that is slow for a while is slow for both, and their ratio stays.</summary>
internal sealed class Pair
{
    private const int Blocks = 250;

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan BlockLength = TimeSpan.FromMilliseconds(2);

    private readonly Func<ValueTask> _ours;
    private readonly Func<ValueTask> _reference;

    private Pair(InProcessTarget target)
    {
        var benchmarks = Activator.CreateInstance(target.Benchmarks)!;
        _ours = Find(benchmarks, target.Ours);
        _reference = Find(benchmarks, target.Reference);
    }

    /// <summary>The medians of several processes' ratios, since the place of the code in memory weighs as well.</summary>
    internal static double Measure(InProcessTarget target, int processes) =>
        Statistics.Median(Enumerable.Range(0, processes).Select(_ => MeasureInProcess(target.Name)));

    /// <summary>What such a process does: prints ours / reference, the median of all blocks.</summary>
    internal static async Task PrintAsync(string name)
    {
        var pair = new Pair(InProcessTarget.All.Single(target => target.Name == name));
        Console.WriteLine((await pair.MeasureAsync()).ToString(CultureInfo.InvariantCulture));
    }

    private static double MeasureInProcess(string name)
    {
        string[] arguments = [typeof(Pair).Assembly.Location, "pair", name];
        using var process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, arguments) { RedirectStandardOutput = true })!;
        var ratio = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? double.Parse(ratio, CultureInfo.InvariantCulture)
            : throw new InvalidOperationException($"The process that measures {name} ended with {process.ExitCode}. What it said is above.");
    }

    private async Task<double> MeasureAsync()
    {
        var (times, referenceTimes) = await WarmUpAsync();
        var ratios = new double[Blocks];
        for (var block = 0; block < Blocks; block++)
        {
            var ours = await TakeAsync(_ours, times) / times;
            ratios[block] = ours / (await TakeAsync(_reference, referenceTimes) / referenceTimes);
        }

        return Statistics.Median(ratios);
    }

    private async Task<(int Ours, int Reference)> WarmUpAsync()
    {
        var started = Stopwatch.GetTimestamp();
        var (ours, reference) = (1, 1);
        while (Stopwatch.GetElapsedTime(started) < WarmUp)
        {
            ours = TimesFor(await TakeAsync(_ours, ours) / ours);
            reference = TimesFor(await TakeAsync(_reference, reference) / reference);
        }

        return (ours, reference);
    }

    private static int TimesFor(double milliseconds) => Math.Max(1, (int)(BlockLength.TotalMilliseconds / milliseconds));

    private static async Task<double> TakeAsync(Func<ValueTask> benchmark, int times)
    {
        var started = Stopwatch.GetTimestamp();
        for (var time = 0; time < times; time++)
        {
            await benchmark();
        }

        return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    }

    private static Func<ValueTask> Find(object benchmarks, string name)
    {
        var method = benchmarks.GetType().GetMethod(name)!;
        if (method.ReturnType == typeof(ValueTask))
        {
            return method.CreateDelegate<Func<ValueTask>>(benchmarks);
        }

        var run = method.CreateDelegate<Action>(benchmarks);
        return () =>
        {
            run();
            return ValueTask.CompletedTask;
        };
    }
}
