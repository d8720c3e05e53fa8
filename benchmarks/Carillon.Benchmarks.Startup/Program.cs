using System.Globalization;
using Carillon.Benchmarks.Report;
using Carillon.Benchmarks.Startup;

var rounds = args is ["--rounds", var number] ? int.Parse(number, CultureInfo.InvariantCulture) : 40;
var empty = new MeasuredProgram("Carillon.Benchmarks.Startup.Empty");
var plain = new MeasuredProgram("Carillon.Benchmarks.Startup.PlainContainer");
var carillon = new MeasuredProgram("Carillon.Benchmarks.Startup.WithCarillon");

Sources.Write(Path.Combine("artifacts", "benchmarks", "startup"));
if (!empty.Build() || !plain.Build() || !carillon.Build())
{
    return 1;
}

List<double> emptyTimes = [], plainTimes = [], carillonTimes = [], plainFirst = [], carillonFirst = [];
for (var round = -3; round < rounds; round++)
{
    // In turn, so that whatever else the machine does strikes all of them.
    var times = (empty.Run(), plain.Run(), carillon.Run());
    if (round < 0)
    {
        continue;
    }

    emptyTimes.Add(times.Item1);
    plainTimes.Add(times.Item2);
    carillonTimes.Add(times.Item3);
    if (round % 4 == 0)
    {
        plainFirst.AddRange(plain.RunFirst());
        carillonFirst.AddRange(carillon.RunFirst());
    }
}

var table = new TextTable($"start-up, {Sources.Events} events", "median", "fastest", "over empty");
AddProcess("empty program", emptyTimes);
AddProcess("plain container", plainTimes);
AddProcess("Carillon", carillonTimes);
AddFirst("first call of a type, plain container", plainFirst);
AddFirst("first dispatch of a type, Carillon", carillonFirst);
table.Print();

var floor = Statistics.Median(emptyTimes);
Ratio.AtMost("startup.host", (Statistics.Median(carillonTimes) - floor) / (Statistics.Median(plainTimes) - floor), 1.0);
Ratio.AtMost("startup.first", Statistics.Median(carillonFirst) / Statistics.Median(plainFirst), 2.0);
return 0;

void AddProcess(string name, List<double> times)
{
    var median = Statistics.Median(times);
    table.Add(name, Text(median, "ms"), Text(times.Min(), "ms"), Text(median - Statistics.Median(emptyTimes), "ms"));
}

void AddFirst(string name, List<double> times) => table.Add(name, Text(Statistics.Median(times), "us"), Text(times.Min(), "us"), "");

static string Text(double value, string unit) => string.Create(CultureInfo.InvariantCulture, $"{value:0.0} {unit}");
