using System.Globalization;
using Carillon.Benchmarks.Report;
using Carillon.Benchmarks.Transport;
using Carillon.RabbitMq;

const int Events = 20_000;
const int Window = 256;
var rounds = Option("--rounds") is { } number ? int.Parse(number, CultureInfo.InvariantCulture) : 5;
var only = Option("--only");
var figures = new Dictionary<string, List<double>>();
using var broker = new Server("rabbitmq");
for (var round = 0; round <= rounds; round++)
{
    foreach (var kind in (string[])[RabbitMqQueueKinds.Classic, RabbitMqQueueKinds.Quorum])
    {
        await MeasureAsync($"{kind}: publish, raw", kind, place => new Raw(place, Window).PublishRateAsync(Events));
        await MeasureAsync($"{kind}: publish", kind, place => new Ours(place, Window).PublishRateAsync(Events));
        await MeasureAsync($"{kind}: consume, raw", kind, place => new Raw(place, Window).ConsumeRateAsync(Events));
        await MeasureAsync($"{kind}: consume", kind, place => new Ours(place, Window).ConsumeRateAsync(Events));
        await MeasureAsync($"{kind}: end to end, raw", kind, place => new Raw(place, Window).EndToEndRateAsync(Events));
        await MeasureAsync($"{kind}: end to end", kind, place => new Ours(place, Window).EndToEndRateAsync(Events));
        await MeasureAsync($"{kind}: end to end, to a listener", kind, place => new Applications(place, Window).EndToEndRateAsync(Events));
        await MeasureAsync($"{kind}: end to end, MassTransit", kind, place => new Mass(place, Window).EndToEndRateAsync(Events));
    }

    if (round == 0)
    {
        // The first time through, everything is compiled.
        figures.Clear();
    }
}

if (IsMeant("relay") || IsMeant("outbox to inbox"))
{
    using var database = new Server("postgres");
    for (var round = 0; round <= rounds; round++)
    {
        await MeasureAsync("relay, raw", RabbitMqQueueKinds.Quorum, place => new Relay(database.Address, place, Window).RawAsync(Events));
        await MeasureAsync("relay", RabbitMqQueueKinds.Quorum, place => new Relay(database.Address, place, Window).OursAsync(Events));
        await MeasureAsync("outbox to inbox", RabbitMqQueueKinds.Quorum, place => new Pipeline(database.Address, place, Window).RateAsync(Events));
        if (round == 0)
        {
            figures.Remove("relay, raw");
            figures.Remove("relay");
            figures.Remove("outbox to inbox");
        }
    }
}

var table = new TextTable($"RabbitMQ, {Events} events of 1 KiB, persistent, {Window} unconfirmed", "a second", "slowest", "fastest");
foreach (var (name, values) in figures)
{
    table.Add(name, Text(Statistics.Median(values)), Text(values.Min()), Text(values.Max()));
}

table.Print();
Print("transport.publish", "quorum: publish", "quorum: publish, raw", 0.85);
Print("transport.publish.classic", "classic: publish", "classic: publish, raw", 0.85);
Print("transport.consume", "quorum: consume", "quorum: consume, raw", 0.85);
Print("transport.consume.classic", "classic: consume", "classic: consume, raw", 0.85);
foreach (var (kind, limit) in ((string, double)[])[(RabbitMqQueueKinds.Classic, 1.3), (RabbitMqQueueKinds.Quorum, 2.0)])
{
    Print($"transport.endtoend.{kind}", $"{kind}: end to end", $"{kind}: end to end, raw", 0.8);
    Untargeted($"transport.listener.{kind}", $"{kind}: end to end, to a listener", $"{kind}: end to end, raw", "no target: the event is read, and a scope opened, too");
    Print($"transport.masstransit.{kind}", $"{kind}: end to end, to a listener", $"{kind}: end to end, MassTransit", limit);
}

Print("transport.relay", "relay", "relay, raw", 0.6);
if (IsMeant("latency"))
{
    await PrintLatencyAsync();
}

return 0;

async Task MeasureAsync(string name, string kind, Func<Place, Task<double>> measure)
{
    if (!IsMeant(name))
    {
        return;
    }

    await using var place = new Place(broker.Address, kind);
    var rate = await measure(place);
    Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {name}: {rate:0}"));
    if (!figures.TryGetValue(name, out var values))
    {
        figures.Add(name, values = []);
    }

    values.Add(rate);
}

async Task PrintLatencyAsync()
{
    const int few = 1_000;
    await using var rawPlace = new Place(broker.Address, RabbitMqQueueKinds.Quorum);
    var raw = await new Raw(rawPlace, Window).LatenciesAsync(few);
    await using var place = new Place(broker.Address, RabbitMqQueueKinds.Quorum);
    var ours = await new Ours(place, Window).LatenciesAsync(few);
    Ratio.AtMost("transport.latency", Statistics.Median(ours) / Statistics.Median(raw), 4);
    Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"latency p50/p99 {Statistics.Median(ours):0.00} {Statistics.Percentile(ours, 99):0.00} ms from the call of publish to the receiver, raw {Statistics.Median(raw):0.00} {Statistics.Percentile(raw, 99):0.00} ms"));
}

bool IsMeant(string name) => only is null || only.Split(',').Any(part => name.Contains(part, StringComparison.OrdinalIgnoreCase));

void Print(string ratio, string name, string reference, double limit)
{
    if (figures.TryGetValue(name, out var ours) && figures.TryGetValue(reference, out var theirs))
    {
        Ratio.AtLeast(ratio, Statistics.Median(ours) / Statistics.Median(theirs), limit);
    }
}

void Untargeted(string ratio, string name, string reference, string remark)
{
    if (figures.TryGetValue(name, out var ours) && figures.TryGetValue(reference, out var theirs))
    {
        Ratio.Untargeted(ratio, Statistics.Median(ours) / Statistics.Median(theirs), remark);
    }
}

string? Option(string name) => Array.IndexOf(args, name) is >= 0 and var at && at + 1 < args.Length ? args[at + 1] : null;

static string Text(double rate) => rate.ToString("0", CultureInfo.InvariantCulture);
