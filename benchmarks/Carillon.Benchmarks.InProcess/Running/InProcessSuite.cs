using System.Globalization;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Environments;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using Carillon.Benchmarks.Report;
using Perfolizer.Horology;

namespace Carillon.Benchmarks.InProcess.Running;

/// <summary><c>./bench inproc</c>: one BenchmarkDotNet run with the references in it, and then Carillon and each reference in turn for their ratio.</summary>
internal static class InProcessSuite
{
    private const int ProcessesAPair = 5;

    internal static int Run(string[] arguments)
    {
        var config = ManualConfig.CreateEmpty()
            .AddJob(ShortEnough())
            .AddColumnProvider(DefaultColumnProviders.Instance)
            .AddLogger(new ProgressLogger())
            .WithArtifactsPath(Path.Combine("artifacts", "benchmarks"))
            .WithOptions(ConfigOptions.JoinSummary | ConfigOptions.DisableOptimizationsValidator);
        string[] all = arguments.Contains("--filter") ? arguments : ["--filter", "*", .. arguments];
        var summaries = BenchmarkSwitcher.FromTypes([typeof(DispatchBenchmarks), typeof(NamedBenchmarks), typeof(ThreadBenchmarks)]).Run(all, config).ToArray();
        var measured = Measured(summaries);
        if (measured.Count == 0)
        {
            Console.Error.WriteLine("No benchmark ran to its end. The log in artifacts/benchmarks says why.");
            return 1;
        }

        PrintTable(measured);
        PrintRatios(measured);
        return 0;
    }

    // Each benchmark is a process of its own, so that none profits or suffers from what another has taught the compiler.
    private static Job ShortEnough() => Job.Default
        .WithGcServer(false)
        .WithLaunchCount(1)
        .WithWarmupCount(6)
        .WithIterationCount(15)
        .WithIterationTime(TimeInterval.FromMilliseconds(120));

    private static Dictionary<string, Measurement> Measured(IEnumerable<Summary> summaries) => summaries
        .SelectMany(summary => summary.Reports)
        .Where(report => report.ResultStatistics is not null)
        .ToDictionary(
            report => report.BenchmarkCase.Descriptor.WorkloadMethod.Name,
            report => new Measurement(
                report.ResultStatistics!.Median,
                report.ResultStatistics.StandardDeviation,
                report.GcStats.GetBytesAllocatedPerOperation(report.BenchmarkCase) ?? 0));

    private static void PrintTable(Dictionary<string, Measurement> measured)
    {
        var table = new TextTable("in process", "median ns", "deviation", "bytes");
        foreach (var (name, measurement) in measured)
        {
            table.Add(name, Text(measurement.Median), Text(measurement.Deviation), measurement.Bytes.ToString(CultureInfo.InvariantCulture));
        }

        table.Print();
    }

    private static void PrintRatios(Dictionary<string, Measurement> measured)
    {
        foreach (var target in InProcessTarget.All)
        {
            if (measured.TryGetValue(target.Ours, out var ours) && measured.TryGetValue(target.Reference, out var reference))
            {
                Ratio.AtMost(target.Name, Pair.Measure(target, ProcessesAPair), target.Limit);
                Ratio.PrintBytes(target.Name, ours.Bytes, reference.Bytes);
            }
        }
    }

    private static string Text(double nanoseconds) => nanoseconds.ToString("0.00", CultureInfo.InvariantCulture);

    private sealed record Measurement(double Median, double Deviation, long Bytes);
}
