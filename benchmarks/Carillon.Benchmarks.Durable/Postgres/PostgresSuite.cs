using System.Globalization;
using Carillon.Benchmarks.Report;

namespace Carillon.Benchmarks.Durable.Postgres;

/// <summary>Everything that is measured with PostgreSQL.</summary>
/// <param name="server">The connection string of the server.</param>
/// <param name="rounds">How often each figure is measured; the median counts.</param>
/// <param name="seconds">How long a snapshot is held.</param>
/// <param name="only">Part of the name of what is to be measured; null for all.</param>
internal sealed class PostgresSuite(string server, int rounds, int seconds, string? only)
{
    private const int Events = 20_000;
    private const int OutboxTurns = 8;
    private const int Few = 10_000;
    private const int Many = 1_000_000;

    private readonly Dictionary<string, List<double>> _figures = [];

    internal async Task RunAsync()
    {
        for (var round = 1; round <= rounds; round++)
        {
            await MeasureAsync("raw, batches of 100", () => PostgresRaw.MeasureAsync(server, Events, leases: true));
            await MeasureAsync("raw, batches of 100, handed over", () => PostgresRaw.MeasureAsync(server, Events, leases: false));
            await MeasureAsync("units of work of 100", () => PostgresRates.InUnitsOfWorkAsync(server, Events, Plain));
            await MeasureAsync("ordered, units of work of 100", () => PostgresRates.InUnitsOfWorkAsync(server, Events, InOrder));
            await MeasureAsync("32 callers, no transaction", () => PostgresRates.DirectAsync(server, Events, 32));
            await MeasureAsync("raw, 32 connections, a transaction each", () => PostgresCommits.MeasureAsync(server, Events, 32));
            await MeasureAsync("32 callers, a transaction each", () => PostgresRates.OneATransactionAsync(server, Events, 32));
            await MeasureOutboxAsync();
            await MeasureAsync($"backlog of {Few}", () => PostgresRates.DrainAsync(server, Few, Few - 3_000));
        }

        for (var round = 1; round <= Math.Min(rounds, 2); round++)
        {
            await MeasureAsync($"backlog of {Many}", () => PostgresRates.DrainAsync(server, Many, Events));
        }

        await MeasureAsync("no snapshot", () => PostgresSnapshot.MeasureAsync(server, TimeSpan.FromSeconds(seconds), holds: false));
        await MeasureAsync("snapshot held", () => PostgresSnapshot.MeasureAsync(server, TimeSpan.FromSeconds(seconds), holds: true));
        PrintTable();
        Print("durable.postgres", "units of work of 100", "raw, batches of 100", 0.7);
        Untargeted("durable.postgres.callers32", "32 callers, no transaction", "raw, batches of 100", "no target: what 32 callers want at once is written at once");
        Untargeted(
            "durable.postgres.transactions32", "32 callers, a transaction each", "raw, 32 connections, a transaction each",
            "no target of its own: 15,000 a second where the raw rate is 22,400, which is 0.67");
        Print("durable.outbox", "outbox: transactions with one event", "outbox: transactions without an event", 0.65);
        Print("durable.backlog", $"backlog of {Many}", $"backlog of {Few}", 0.9);
        Print("durable.snapshot", "snapshot held", "no snapshot", 0.8);
        Print("durable.ordered", "ordered, units of work of 100", "units of work of 100", 0.5);
        await PrintLatencyAsync();
    }

    private static Measured Plain(int number) => new(number, Measured.Kibibyte);

    private static MeasuredInOrder InOrder(int number) => new(number, Measured.Kibibyte);

    private static string Text(double value) => value.ToString("0", CultureInfo.InvariantCulture);

    private bool IsMeant(string name) => only is null || name.Contains(only, StringComparison.OrdinalIgnoreCase);

    private async Task MeasureAsync(string name, Func<Task<double>> measure)
    {
        if (IsMeant(name))
        {
            Note(name, await measure());
        }
    }

    private async Task MeasureOutboxAsync()
    {
        if (IsMeant("outbox"))
        {
            var (without, with) = await PostgresOutbox.MeasureAsync(server, OutboxTurns);
            Note("outbox: transactions without an event", without);
            Note("outbox: transactions with one event", with);
        }
    }

    private void Note(string name, double value)
    {
        if (!_figures.TryGetValue(name, out var values))
        {
            _figures.Add(name, values = []);
        }

        values.Add(value);
        Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  PostgreSQL: {name}: {values[^1]:0}"));
    }

    private async Task PrintLatencyAsync()
    {
        const int events = 1_000;
        if (!IsMeant("latency"))
        {
            return;
        }

        var raw = await PostgresRaw.LatenciesAsync(server, events);
        var ours = await PostgresLatency.MeasureAsync(server, events);
        Ratio.AtMost("durable.latency", PostgresLatency.Median(ours) / PostgresLatency.Median(raw), 2.5);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"latency p50/p99 {PostgresLatency.Median(ours):0.00} {PostgresLatency.Percentile99(ours):0.00} ms from the call of dispatch to the listener, raw {PostgresLatency.Median(raw):0.00} {PostgresLatency.Percentile99(raw):0.00} ms"));
    }

    private void PrintTable()
    {
        var table = new TextTable("PostgreSQL, events of 1 KiB", "a second", "slowest", "fastest");
        foreach (var (name, values) in _figures)
        {
            table.Add(name, Text(Statistics.Median(values)), Text(values.Min()), Text(values.Max()));
        }

        table.Print();
    }

    private void Print(string ratio, string name, string reference, double limit)
    {
        if (_figures.TryGetValue(name, out var ours) && _figures.TryGetValue(reference, out var theirs))
        {
            Ratio.AtLeast(ratio, Statistics.Median(ours) / Statistics.Median(theirs), limit);
        }
    }

    private void Untargeted(string ratio, string name, string reference, string why)
    {
        if (_figures.TryGetValue(name, out var ours) && _figures.TryGetValue(reference, out var theirs))
        {
            Ratio.Untargeted(ratio, Statistics.Median(ours) / Statistics.Median(theirs), why);
        }
    }
}
