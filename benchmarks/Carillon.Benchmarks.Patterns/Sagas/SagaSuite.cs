using System.Globalization;
using Carillon.Benchmarks.Report;
using Carillon.Deliveries;
using Carillon.Sqlite;

namespace Carillon.Benchmarks.Patterns.Sagas;

/// <summary>A step of a saga beside a transactional listener that updates one row: how many of each are worked off a second.</summary>
internal static class SagaSuite
{
    private const int Readings = 4_000;

    internal static async Task RunAsync(string postgres, int rounds)
    {
        var folder = Directory.CreateTempSubdirectory("carillon-patterns-");
        try
        {
            var sqlite = await MeasureAsync("sqlite", rounds, carillon => carillon.UseSqlite(options =>
                (options.ConnectionString, options.Synchronous) = ($"Data Source={Path.Combine(folder.FullName, "meters.db")}", SqliteSynchronous.Normal)));
            var server = await MeasureAsync("postgres", rounds, carillon => carillon.UsePostgres(options => (options.ConnectionString, options.Schema) = (postgres, $"saga_{Environment.ProcessId}")));
            Ratio.AtLeast("patterns.saga", Math.Min(sqlite, server), 0.5);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<double> MeasureAsync(string name, int rounds, Action<CarillonBuilder> useStore)
    {
        await using var application = new MeterApplication(useStore);
        await application.StartAsync(CreateAsync);
        List<double> listeners = [];
        List<double> sagas = [];
        for (var round = 0; round <= rounds; round++)
        {
            var listener = await application.MeasureAsync(Readings, static (meter, value) => new MeterNoted(meter, value));
            var saga = await application.MeasureAsync(Readings, static (meter, value) => new MeterRead(meter, value));
            if (round > 0)
            {
                // The first one is compiled while it is measured.
                listeners.Add(listener);
                sagas.Add(saga);
                Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  round {round}: {name}: listener {listener:0}, saga {saga:0} a second"));
            }
        }

        var ratio = Statistics.Median(sagas) / Statistics.Median(listeners);
        Ratio.AtLeast($"patterns.saga.{name}", ratio, 0.5);
        return ratio;
    }

    private static async Task CreateAsync(IDeliveryStore store)
    {
        await using var connection = await store.OpenConnectionAsync(CancellationToken.None);
        await using var command = connection.CreateCommand();
        command.CommandText = "DROP TABLE IF EXISTS meter; CREATE TABLE meter (id varchar(20) PRIMARY KEY, readings integer NOT NULL, last integer NOT NULL)";
        await command.ExecuteNonQueryAsync();
        command.CommandText = $"INSERT INTO meter VALUES {string.Join(", ", MeterApplication.Names.Select(name => $"('{name}', 0, 0)"))}";
        await command.ExecuteNonQueryAsync();
    }
}
