using System.Text;
using System.Threading.Channels;
using Carillon.Postgres.Transports;
using Carillon.Postgres.Transports.Internal;
using Carillon.Testing;
using Carillon.Transports;
using Npgsql;

namespace Carillon.Postgres.Tests.Transports;

/// <summary>Numbers are drawn in one order and committed in another; nobody may slip past a receiver.</summary>
public sealed class LateCommitTests : IAsyncDisposable
{
    private readonly PostgresTransports _transports = new();
    private readonly Channel<string> _arrived = Channel.CreateUnbounded<string>();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _transports.DisposeAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_event_that_is_committed_late_is_received(bool isOrdered)
    {
        await using var transport = await _transports.OpenAsync(null);
        await using var subscription = await SubscribeAsync(transport, isOrdered);
        await using var connection = await _transports.Place.Source.OpenConnectionAsync(Cancel);
        await using var late = await connection.BeginTransactionAsync(Cancel);
        await WriteAsync(connection, "late");

        for (var number = 0; number < 50; number++)
        {
            await transport.PublishAsync(TransportFaultTests.Outgoing($"{number}", "a"), Cancel);
            (await NextAsync()).ShouldBe($"{number}");
        }

        await late.CommitAsync(Cancel);
        (await NextAsync()).ShouldBe("late");
    }

    [Fact]
    public async Task Two_of_one_key_are_never_handled_at_once_though_the_first_is_committed_late()
    {
        await using var transport = await _transports.OpenAsync(null);
        var hold = new TaskCompletionSource();
        await using var subscription = await transport.SubscribeAsync(
            new TransportSubscription { Patterns = ["poll.#"], Key = "all", Concurrency = 4, Ordered = true },
            async (incoming, _) =>
            {
                var text = Encoding.UTF8.GetString(incoming.Body.Span);
                _arrived.Writer.TryWrite(text);
                if (text == "second")
                {
                    await hold.Task;
                }

                return ReceiveOutcome.Acknowledged;
            },
            Cancel);
        await using var connection = await _transports.Place.Source.OpenConnectionAsync(Cancel);
        await using var late = await connection.BeginTransactionAsync(Cancel);
        await WriteAsync(connection, "first");
        await transport.PublishAsync(TransportFaultTests.Outgoing("second", "a"), Cancel);
        (await NextAsync()).ShouldBe("second");

        // It is of the same key.
        const string sameKey = "UPDATE {schema}.transport_queue SET key_hash = (SELECT key_hash FROM {schema}.transport_queue WHERE state = 1) WHERE state = 0";
        await using (var hash = new NpgsqlCommand(_transports.Place.Fill(sameKey), connection, late))
        {
            (await hash.ExecuteNonQueryAsync(Cancel)).ShouldBe(1);
        }

        await late.CommitAsync(Cancel);
        await transport.PublishAsync(TransportFaultTests.Outgoing("of another key", "b"), Cancel);
        (await NextAsync()).ShouldBe("of another key");
        hold.SetResult();
        (await NextAsync()).ShouldBe("first");
    }

    [Fact]
    public void A_look_begins_where_the_receiver_was_a_while_ago_and_from_the_beginning_by_the_clock()
    {
        var time = new SimulatedTime();
        var mark = new LookMark(time);
        mark.Begin().ShouldBe(0);
        mark.End(0, 100);
        mark.Begin().ShouldBe(0, "nothing is behind it for long enough");

        time.Advance(TimeSpan.FromSeconds(3));
        mark.Begin().ShouldBe(0);
        // It took as long as it does past a million of dead rows.
        time.Advance(TimeSpan.FromSeconds(1));
        mark.End(0, 200);
        mark.Begin().ShouldBe(100);
        mark.End(100, 300);
        time.Advance(TimeSpan.FromSeconds(3));
        mark.Begin().ShouldBe(100);
        mark.End(100, 400);
        mark.Begin().ShouldBe(300);

        mark.LookWhole();
        mark.Begin().ShouldBe(0);
        mark.End(0, 400);
        mark.Begin().ShouldBe(300);
        time.Advance(TimeSpan.FromSeconds(1));
        mark.Begin().ShouldBe(0);
    }

    private async Task WriteAsync(NpgsqlConnection connection, string text)
    {
        await using var write = new NpgsqlCommand(
            _transports.Place.Fill(
                """
                WITH e AS (INSERT INTO {schema}.transport_events (name, headers, body) VALUES ('poll.created', '[]', convert_to($1, 'UTF8')) RETURNING id)
                INSERT INTO {schema}.transport_queue (event, subscription) SELECT e.id, s.id FROM e, {schema}.transport_subscriptions s
                """),
            connection)
        {
            Parameters = { new NpgsqlParameter { Value = text } },
        };
        await write.ExecuteNonQueryAsync(Cancel);
    }

    private ValueTask<ITransportSubscription> SubscribeAsync(PostgresTransport transport, bool isOrdered) => transport.SubscribeAsync(
        new TransportSubscription { Patterns = ["poll.#"], Key = "all", Ordered = isOrdered },
        (incoming, _) =>
        {
            _arrived.Writer.TryWrite(Encoding.UTF8.GetString(incoming.Body.Span));
            return new(ReceiveOutcome.Acknowledged);
        },
        Cancel);

    private Task<string> NextAsync() => _arrived.Reader.ReadAsync(Cancel).AsTask().WaitAsync(TimeSpan.FromSeconds(30), Cancel);
}
