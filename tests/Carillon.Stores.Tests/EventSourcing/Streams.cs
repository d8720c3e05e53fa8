using System.Data.Common;
using Carillon.Conformance.EventSourcing;
using Carillon.EventSourcing;
using Carillon.EventSourcing.InMemory;
using Carillon.Postgres.Tests;
using Carillon.Sqlite.Tests;

namespace Carillon.Stores.Tests.EventSourcing;

public sealed class InMemoryStreams : TestStreams
{
    private readonly InMemoryStreamDatabase _database = new();

    public override StreamStoreFeatures Features => StreamStoreFeatures.None;

    public override ValueTask<IStreamDatabase> OpenAsync() => new(_database);

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

public sealed class PostgresStreams : TestStreams
{
    private readonly PostgresPlace _place = new();

    public override StreamStoreFeatures Features =>
        StreamStoreFeatures.JoinsTransactions | StreamStoreFeatures.WritesSideBySide | StreamStoreFeatures.OutlivesProcess;

    public override async ValueTask<IStreamDatabase> OpenAsync() => await _place.OpenAsync();

    public override async ValueTask<DbConnection> ConnectAsync() => await _place.Source.OpenConnectionAsync(TestContext.Current.CancellationToken);

    public override ValueTask DisposeAsync() => _place.DisposeAsync();
}

public sealed class SqliteStreams : TestStreams
{
    private readonly SqliteFile _file = new();

    public override StreamStoreFeatures Features => StreamStoreFeatures.JoinsTransactions | StreamStoreFeatures.OutlivesProcess;

    public override async ValueTask<IStreamDatabase> OpenAsync() => await _file.OpenStoreAsync();

    public override ValueTask<DbConnection> ConnectAsync() => new(_file.Connect());

    public override ValueTask DisposeAsync() => _file.DisposeAsync();
}
