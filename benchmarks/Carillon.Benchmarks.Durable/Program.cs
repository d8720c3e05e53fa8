using System.Globalization;
using Carillon.Benchmarks.Durable;
using Carillon.Benchmarks.Durable.Postgres;
using Carillon.Benchmarks.Report;
using Carillon.Sqlite;

const int Events = 20_000;
var rounds = Option("--rounds") is { } number ? int.Parse(number, CultureInfo.InvariantCulture) : 5;
var only = Option("--only");
var store = Option("--store");
if (store is null or "postgres")
{
    using var server = new PostgresServer();
    var seconds = Option("--seconds") is { } length ? int.Parse(length, CultureInfo.InvariantCulture) : 60;
    await new PostgresSuite(server.ConnectionString, rounds, seconds, only).RunAsync();
    if (store is not null)
    {
        return 0;
    }
}

// What is measured, in the order in which each round goes through it.
(string Name, Func<Task<double>> Measure)[] full = Measurements(SqliteSynchronous.Full);
(string Name, Func<Task<double>> Measure)[] normal = Measurements(SqliteSynchronous.Normal);
var rates = full.Concat(normal).ToDictionary(each => each.Name, _ => new List<double>());
for (var round = 1; round <= rounds; round++)
{
    foreach (var (name, measure) in full.Concat(normal).Where(each => only is null || each.Name.Contains(only, StringComparison.OrdinalIgnoreCase)))
    {
        rates[name].Add(await measure());
        Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  round {round}: {name}: {rates[name][^1]:0}"));
    }
}

var table = new TextTable($"SQLite (WAL), {Events} events of 1 KiB", "a second", "slowest", "fastest");
foreach (var (name, values) in rates.Where(rate => rate.Value.Count > 0))
{
    table.Add(name, Text(Statistics.Median(values)), Text(values.Min()), Text(values.Max()));
}

table.Print();
if (only is not null)
{
    return 0;
}

PrintRatios(full, "durable.sqlite");
PrintRatios(normal, "durable.sqlite.normal");
await PrintLatencyAsync();
return 0;

static (string, Func<Task<double>>)[] Measurements(SqliteSynchronous synchronous) =>
[
    ($"{synchronous}: raw, batches of 100", () => Task.FromResult(RawQueue.Measure(Events, synchronous))),
    ($"{synchronous}: units of work of 100", () => Throughput.InUnitsOfWorkAsync(Events, synchronous)),
    ($"{synchronous}: 32 callers, no transaction", () => Throughput.DirectAsync(Events, 32, synchronous)),
    ($"{synchronous}: 8 callers, no transaction", () => Throughput.DirectAsync(Events, 8, synchronous)),
];

void PrintRatios((string Name, Func<Task<double>>)[] of, string name)
{
    var raw = Statistics.Median(rates[of[0].Name]);
    Ratio.AtLeast(name, Statistics.Median(rates[of[1].Name]) / raw, 0.7);
    Ratio.AtLeast($"{name}.callers32", Statistics.Median(rates[of[2].Name]) / raw, 0.7);
    Ratio.Untargeted($"{name}.callers8", Statistics.Median(rates[of[3].Name]) / raw, "no target: the store never has more than 8 to commit at once");
}

static async Task PrintLatencyAsync()
{
    var latency = await Latency.MeasureAsync(500, SqliteSynchronous.Full);
    Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"latency p50/p99 {latency.Start50:0.00} {latency.Start99:0.00} ms from commit to listener    (p50 at most 5 ms: {(latency.Start50 <= 5 ? "met" : "missed")})"));
    Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"latency p50/p99 {latency.Whole50:0.00} {latency.Whole99:0.00} ms from the call of dispatch, with the commit (p50 {latency.Commit50:0.00} ms), to listener"));
}

string? Option(string name) => Array.IndexOf(args, name) is >= 0 and var at && at + 1 < args.Length ? args[at + 1] : null;

static string Text(double rate) => rate.ToString("0", CultureInfo.InvariantCulture);
