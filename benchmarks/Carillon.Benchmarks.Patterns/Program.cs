using System.Globalization;
using Carillon.Benchmarks.Durable.Postgres;
using Carillon.Benchmarks.Patterns.Sagas;

var rounds = Array.IndexOf(args, "--rounds") is >= 0 and var at && at + 1 < args.Length ? int.Parse(args[at + 1], CultureInfo.InvariantCulture) : 5;
using var server = new PostgresServer();
await SagaSuite.RunAsync(server.ConnectionString, rounds);
