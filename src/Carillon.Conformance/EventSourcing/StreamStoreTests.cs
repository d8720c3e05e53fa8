using System.Data.Common;
using Carillon.EventSourcing;

namespace Carillon.Conformance.EventSourcing;

/// <summary>What every event store has to do. Each suite that derives from it is about one part of the port.</summary>
/// <typeparam name="TStreams">Where the streams of a test live.</typeparam>
public abstract class StreamStoreTests<TStreams> : IAsyncLifetime
    where TStreams : TestStreams, new()
{
    // The contract of xunit.v3 for libraries that do not use its assertions: an exception whose message begins with this skips the test.
    private const string SkipToken = "$XunitDynamicSkip$";

    private readonly TStreams _streams = new();

    /// <summary>The time at which a test begins.</summary>
    protected static DateTimeOffset Now { get; } = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    /// <summary>Ends the test from outside.</summary>
    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>The streams, as the process of the test has them.</summary>
    protected IStreamStore Store { get; private set; } = null!;

    /// <summary>The projections, as the process of the test has them.</summary>
    protected IProjectionStore Projections { get; private set; } = null!;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        var database = await _streams.OpenAsync();
        (Store, Projections) = (database.Streams, database.Projections);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _streams.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Ends the test as skipped if the store cannot do what it is about.</summary>
    protected void Needs(StreamStoreFeatures features)
    {
        if ((features & ~_streams.Features) is not StreamStoreFeatures.None and var missing)
        {
            throw new NotDeclaredException($"{SkipToken}{typeof(TStreams).Name} does not declare {missing}.");
        }
    }

    /// <summary>The store as another process sees it.</summary>
    protected ValueTask<IStreamDatabase> OpenAnotherAsync() => _streams.OpenAsync();

    /// <summary>A connection of the application, open.</summary>
    protected ValueTask<DbConnection> ConnectAsync() => _streams.ConnectAsync();

    /// <summary>Appends in a transaction of the store's own.</summary>
    protected ValueTask<AppendResult> AppendAsync(string stream, ExpectedVersion expected, params NewEvent[] events) =>
        Store.AppendAsync(null, stream, expected, events, Cancel);

    /// <summary>A whole stream.</summary>
    protected ValueTask<IReadOnlyList<StoredEvent>> ReadAsync(string stream, DbTransaction? transaction = null) =>
        Store.ReadAsync(transaction, new StreamRead(stream, 1, ReadDirection.Forwards, 10_000), Cancel);

    /// <summary>Everything that can be read now.</summary>
    protected async ValueTask<IReadOnlyList<StoredEvent>> ReadAllAsync(long after = 0) =>
        await Store.ReadAllAsync(after, (await Store.FindEndAsync(Cancel)).Position, ReadDirection.Forwards, 100_000, Cancel);

    private sealed class NotDeclaredException(string message) : Exception(message);
}
