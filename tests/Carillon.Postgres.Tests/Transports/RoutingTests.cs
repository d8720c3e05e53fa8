using Carillon.Postgres.Transports.Internal;
using Carillon.Transports;
using Npgsql;

namespace Carillon.Postgres.Tests.Transports;

public sealed class RoutingTests : IAsyncDisposable
{
    private readonly PostgresTransports _transports = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _transports.DisposeAsync();

    /// <summary>The server decides who wants an event; it has to decide as the patterns of listeners do.</summary>
    [Fact]
    public async Task The_server_matches_names_as_everybody_else_does()
    {
        string[] segments = ["poll", "created", "a+b", "(", "\\d", "[x]", "^", "$", "", "\u00e4\ud83d\ude00", "a\nb", "\u001A", "*", "#", "*", "#"];
        var random = new Random(11);
        var patterns = Enumerable.Range(0, 3000).Select(_ => string.Join('.', Pick(segments.Length))).ToArray();
        var names = Enumerable.Range(0, 3000).Select(_ => string.Join('.', Pick(segments.Length - 4))).ToArray();

        await using var match = _transports.Place.Source.CreateCommand("SELECT p.place, p.name || '.' ~ ANY (ARRAY[p.pattern]) FROM unnest($1, $2) WITH ORDINALITY AS p (pattern, name, place) ORDER BY place");
        match.Parameters.Add(new NpgsqlParameter { Value = Array.ConvertAll(patterns, PatternRegex.Of) });
        match.Parameters.Add(new NpgsqlParameter { Value = Array.ConvertAll(names, Carillon.Postgres.Deliveries.Internal.StoredText.Write) });
        await using var rows = await match.ExecuteReaderAsync(Cancel);
        var matches = 0;
        for (var place = 0; await rows.ReadAsync(Cancel); place++)
        {
            var wanted = new TransportSubscription { Patterns = [patterns[place]] }.Wants(names[place]);
            rows.GetBoolean(1).ShouldBe(wanted, $"of '{patterns[place]}' and '{names[place]}'");
            matches += wanted ? 1 : 0;
        }

        matches.ShouldBeGreaterThan(100);

        IEnumerable<string> Pick(int kinds) => Enumerable.Range(0, random.Next(1, 5)).Select(_ => segments[random.Next(kinds)]);
    }

    [Fact]
    public async Task A_process_hears_at_once_of_what_another_has_published()
    {
        await using var sender = await _transports.OpenAsync(null);
        await using var receiver = await _transports.OpenAsync(options => options.PollInterval = TimeSpan.FromHours(1));
        var arrived = new TaskCompletionSource();
        await using var subscription = await receiver.SubscribeAsync(TransportFaultTests.Wanted("all", 1), (_, _) =>
        {
            arrived.TrySetResult();
            return new(ReceiveOutcome.Acknowledged);
        }, Cancel);

        await sender.PublishAsync(TransportFaultTests.Outgoing("one"), Cancel);

        await arrived.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancel);
    }
}
