using System.Globalization;
using Carillon.Benchmarks.Durable.Postgres;
using Carillon.Benchmarks.Patterns;
using Carillon.Benchmarks.Patterns.EventSourcing;
using Carillon.Benchmarks.Patterns.Sagas;

var rounds = Option("--rounds") is { } number ? int.Parse(number, CultureInfo.InvariantCulture) : 5;
var figures = new Figures(Option("--only"));
using var server = new PostgresServer();
for (var round = 1; round <= rounds; round++)
{
    await figures.MeasureAsync("append, SQLite: raw", () => Task.FromResult(SqliteAppends.MeasureRaw()));
    await figures.MeasureAsync("append, SQLite: event store", SqliteAppends.MeasureAsync);
    await figures.MeasureAsync("append, PostgreSQL: raw", () => PostgresAppends.MeasureRawAsync(server.ConnectionString));
    await figures.MeasureAsync("append, PostgreSQL: event store", () => PostgresAppends.MeasureAsync(server.ConnectionString));
}

await using (var history = await History.CreateAsync(server.ConnectionString, figures.IsMeant("rebuild") ? 1_000_000 : 0))
{
    if (figures.IsMeant("rebuild"))
    {
        // Once for the compiler: a rebuild is over before all of it is compiled to the end.
        await history.ReadRawAsync();
        await history.RebuildAsync();
    }

    for (var round = 1; round <= rounds && figures.IsMeant("rebuild"); round++)
    {
        await figures.MeasureAsync("rebuild: raw, read", history.ReadRawAsync);
        await figures.MeasureAsync("rebuild: projection", history.RebuildAsync);
    }

    figures.PrintTable();
    figures.Print("patterns.append.sqlite", "append, SQLite: event store", "append, SQLite: raw", 0.7);
    figures.Print("patterns.append.postgres", "append, PostgreSQL: event store", "append, PostgreSQL: raw", 0.7);
    figures.PrintLowest("patterns.append", 0.7);
    figures.Print("patterns.rebuild", "rebuild: projection", "rebuild: raw, read", 0.6);
    history.PrintMemory();
}

if (figures.IsMeant("saga"))
{
    await SagaSuite.RunAsync(server.ConnectionString, rounds);
}

string? Option(string name) => Array.IndexOf(args, name) is >= 0 and var at && at + 1 < args.Length ? args[at + 1] : null;
