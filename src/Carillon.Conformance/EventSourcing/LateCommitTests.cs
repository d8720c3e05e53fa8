using System.Collections.Concurrent;
using System.Data.Common;
using Carillon.EventSourcing;

namespace Carillon.Conformance.EventSourcing;

/// <summary>Transactions commit in another order than that in which positions were given, and nobody who reads all events misses one.</summary>
public abstract class LateCommitTests<TStreams> : StreamStoreTests<TStreams>
    where TStreams : TestStreams, new()
{
    private const StreamStoreFeatures Both = StreamStoreFeatures.JoinsTransactions | StreamStoreFeatures.WritesSideBySide;

    [Fact]
    public async Task What_was_appended_behind_an_open_transaction_is_not_read_before_it_has_ended()
    {
        Needs(Both);
        await using var connection = await ConnectAsync();
        await using var late = await connection.BeginTransactionAsync(Cancel);
        await Store.AppendAsync(late, "late", ExpectedVersion.NoStream, TestEvents.Many(1), Cancel);
        await AppendAsync("early", ExpectedVersion.NoStream, TestEvents.Many(2));

        var before = await Store.FindEndAsync(Cancel);
        (await ReadAllAsync()).ShouldBeEmpty();
        await late.CommitAsync(Cancel);
        var after = await Store.FindEndAsync(Cancel);

        before.Position.ShouldBe(0);
        before.Last.ShouldBe(3);
        before.HeldBackBy.ShouldNotBeNull();
        after.ShouldBe(new StoreEnd(3, 3));
        (await ReadAllAsync()).Select(each => each.Stream).ShouldBe(["late", "early", "early"]);
    }

    [Fact]
    public async Task A_gap_that_a_rollback_leaves_holds_up_nobody() // 343
    {
        Needs(Both);
        await using var connection = await ConnectAsync();
        await using var late = await connection.BeginTransactionAsync(Cancel);
        await Store.AppendAsync(late, "late", ExpectedVersion.NoStream, TestEvents.Many(5), Cancel);
        await AppendAsync("early", ExpectedVersion.NoStream, TestEvents.Many(2));

        await late.RollbackAsync(Cancel);

        (await ReadAllAsync()).Select(each => each.Stream).ShouldBe(["early", "early"]);
        var end = await Store.FindEndAsync(Cancel);
        end.Position.ShouldBe(end.Last);
    }

    [Fact]
    public async Task An_old_transaction_that_appends_only_now_holds_up_nobody_before_that_and_comes_in_its_place()
    {
        Needs(Both);
        await using var connection = await ConnectAsync();
        await using var old = await connection.BeginTransactionAsync(Cancel);
        await Store.SaveSnapshotAsync(old, new StoredSnapshot { Stream = "x", Version = 1, Shape = "x", Time = Now, State = "{}"u8.ToArray() }, Cancel);
        await AppendAsync("poll-1", ExpectedVersion.NoStream, TestEvents.Many(2));

        (await ReadAllAsync()).Count.ShouldBe(2);
        await Store.AppendAsync(old, "poll-1", ExpectedVersion.Exactly(2), TestEvents.Many(1), Cancel);
        (await ReadAllAsync()).Count.ShouldBe(2);
        await old.CommitAsync(Cancel);

        (await ReadAllAsync()).Select(each => each.Version).ShouldBe([1, 2, 3]);
    }

    [Fact]
    public async Task A_savepoint_that_is_rolled_back_does_not_let_others_pass_what_the_transaction_appends_then()
    {
        Needs(Both);
        await using var connection = await ConnectAsync();
        await using var late = await connection.BeginTransactionAsync(Cancel);
        await late.SaveAsync("first", Cancel);
        await Store.AppendAsync(late, "undone", ExpectedVersion.NoStream, TestEvents.Many(1), Cancel);
        await late.RollbackAsync("first", Cancel);
        await Store.AppendAsync(late, "late", ExpectedVersion.NoStream, TestEvents.Many(1), Cancel);
        await AppendAsync("early", ExpectedVersion.NoStream, TestEvents.Many(1));

        (await ReadAllAsync()).ShouldBeEmpty();
        await late.CommitAsync(Cancel);

        (await ReadAllAsync()).Select(each => each.Stream).ShouldBe(["late", "early"]);
    }

    [Fact]
    public async Task Who_reads_while_many_write_and_commit_late_sees_every_event_once_and_streams_in_their_order()
    {
        Needs(Both);
        const int writers = 12;
        const int transactions = 25;
        var committed = new ConcurrentBag<Guid>();
        var pending = Enumerable.Range(0, writers).Select(writer => Task.Run(() => WriteAsync(writer, transactions, committed), Cancel)).ToList();
        var writing = Task.WhenAll(pending);
        var seen = new List<StoredEvent>();

        while (!writing.IsCompleted)
        {
            await ReadOnAsync(seen);
        }

        await writing;
        await ReadOnAsync(seen);

        seen.Select(each => each.Envelope.Id).Order().ShouldBe(committed.Order());
        seen.Select(each => each.Position).ShouldBeInOrder(SortDirection.Ascending);
        foreach (var stream in seen.GroupBy(each => each.Stream))
        {
            stream.Select(each => each.Version).ShouldBe(Enumerable.Range(1, stream.Count()).Select(number => (long)number));
        }
    }

    private async ValueTask ReadOnAsync(List<StoredEvent> seen)
    {
        var end = await Store.FindEndAsync(Cancel);
        var after = seen.Count == 0 ? 0 : seen[^1].Position;
        while (await Store.ReadAllAsync(after, end.Position, ReadDirection.Forwards, 7, Cancel) is { Count: > 0 } page)
        {
            seen.AddRange(page);
            after = page[^1].Position;
        }
    }

    // Each holds its transaction open while others of the same writer's kind begin, append and commit: positions and commits are in different orders.
    private async Task WriteAsync(int writer, int transactions, ConcurrentBag<Guid> committed)
    {
        var random = new Random(writer);
        var open = new Queue<(DbConnection Connection, DbTransaction Transaction, Guid[] Ids)>();
        for (var number = 0; number < transactions; number++)
        {
            var connection = await ConnectAsync();
            var transaction = await connection.BeginTransactionAsync(Cancel);
            var events = TestEvents.Many(random.Next(1, 4));
            // Nobody else's: who appends to one stream waits for whoever has.
            await Store.AppendAsync(transaction, $"stream-{writer}-{number}", ExpectedVersion.Any, events, Cancel);
            if (random.Next(3) == 0)
            {
                var more = TestEvents.Many(1);
                await Store.AppendAsync(transaction, $"stream-{writer}-{number}", ExpectedVersion.Exists, more, Cancel);
                events = [.. events, .. more];
            }

            open.Enqueue((connection, transaction, [.. events.Select(each => each.Envelope.Id)]));
            await AppendShortAsync(writer, committed);
            if (open.Count > random.Next(4))
            {
                await EndAsync(open.Dequeue(), commits: random.Next(4) > 0, committed);
            }
        }

        while (open.TryDequeue(out var last))
        {
            await EndAsync(last, commits: true, committed);
        }
    }

    private async Task AppendShortAsync(int writer, ConcurrentBag<Guid> committed)
    {
        var events = TestEvents.Many(1);
        await AppendAsync($"short-{writer % 3}", ExpectedVersion.Any, events);
        committed.Add(events[0].Envelope.Id);
    }

    private static async Task EndAsync((DbConnection Connection, DbTransaction Transaction, Guid[] Ids) open, bool commits, ConcurrentBag<Guid> committed)
    {
        await using (open.Connection)
        await using (open.Transaction)
        {
            if (commits)
            {
                await open.Transaction.CommitAsync(Cancel);
                Array.ForEach(open.Ids, committed.Add);
            }
            else
            {
                await open.Transaction.RollbackAsync(Cancel);
            }
        }
    }
}
