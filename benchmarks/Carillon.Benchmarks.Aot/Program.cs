using System.Globalization;
using Carillon.Benchmarks.Aot;
using Carillon.Benchmarks.Report;

// The driver's lower bound is older than the analyses: what is inside it is one line, and not ours.
const string Driver = "Assembly 'Microsoft.Data.Sqlite' produced trim warnings";

var rounds = args is ["--rounds", var number] ? int.Parse(number, CultureInfo.InvariantCulture) : 60;
var empty = new NativeProgram(Path.Combine("benchmarks", "Carillon.Benchmarks.Startup.Empty"));
var inProcess = new NativeProgram(Path.Combine("benchmarks", "Carillon.Benchmarks.Aot.Start"));
var everything = new NativeProgram(Path.Combine("tests", "Carillon.Aot.App"), "start");
if (empty.Publish() is null || inProcess.Publish() is not { } warnings || everything.Publish() is not { } furtherWarnings)
{
    return 1;
}

var folder = Directory.CreateTempSubdirectory("carillon-native-");
var durable = inProcess.With("durable", Path.Combine(folder.FullName, "deliveries.db"));
List<double> emptyTimes = [], inProcessTimes = [], durableTimes = [], everythingTimes = [];
for (var round = -3; round < rounds; round++)
{
    // In turn, so that whatever else the machine does strikes all of them.
    var times = (empty.Run(), inProcess.Run(), durable.Run(), everything.Run());
    if (round >= 0)
    {
        emptyTimes.Add(times.Item1);
        inProcessTimes.Add(times.Item2);
        durableTimes.Add(times.Item3);
        everythingTimes.Add(times.Item4);
    }
}

folder.Delete(recursive: true);
var table = new TextTable("NativeAOT, from the start of the process to its end", "median", "fastest");
Add("empty program", emptyTimes);
Add("Carillon, in process", inProcessTimes);
Add("Carillon, with SQLite and the durable engine", durableTimes);
Add("Carillon, in process, ASP.NET Core in the program", everythingTimes);
table.Print();

var floor = Statistics.Median(emptyTimes);
Ratio.Count("aot.warnings", warnings.Union(furtherWarnings).Count(warning => !warning.Contains(Driver, StringComparison.Ordinal)), 0);
Ratio.AtMost("aot.start", Statistics.Median(inProcessTimes) / floor, 3.0);
Ratio.Untargeted("aot.start.durable", Statistics.Median(durableTimes) / floor, "with SQLite and the durable engine");
Ratio.Untargeted("aot.start.web", Statistics.Median(everythingTimes) / floor, "with ASP.NET Core in the program, which is most of its size");
return 0;

void Add(string name, List<double> times) => table.Add(name, Text(Statistics.Median(times)), Text(times.Min()));

static string Text(double milliseconds) => string.Create(CultureInfo.InvariantCulture, $"{milliseconds:0.0} ms");
