using Carillon.EventSourcing;

namespace Carillon.Conformance.EventSourcing;

/// <summary>What is appended in a transaction of the application is there if that one commits, and only then.</summary>
public abstract class JoinedAppendTests<TStreams> : StreamStoreTests<TStreams>
    where TStreams : TestStreams, new()
{
    [Fact]
    public async Task What_is_appended_is_visible_after_the_commit_and_in_the_transaction_before()
    {
        Needs(StreamStoreFeatures.JoinsTransactions);
        await using var connection = await ConnectAsync();
        await using var transaction = await connection.BeginTransactionAsync(Cancel);

        var result = await Store.AppendAsync(transaction, "poll-1", ExpectedVersion.NoStream, TestEvents.Many(2), Cancel);

        result.Version.ShouldBe(2);
        (await Store.FindVersionAsync(transaction, "poll-1", Cancel)).ShouldBe(2);
        (await ReadAsync("poll-1", transaction)).Count.ShouldBe(2);
        (await Store.FindVersionAsync(null, "poll-1", Cancel)).ShouldBe(0);
        (await ReadAsync("poll-1")).ShouldBeEmpty();
        (await ReadAllAsync()).ShouldBeEmpty();
        await transaction.CommitAsync(Cancel);
        (await ReadAsync("poll-1")).Count.ShouldBe(2);
        (await ReadAllAsync()).Count.ShouldBe(2);
    }

    [Fact]
    public async Task What_is_rolled_back_was_never_there_and_its_version_is_given_again()
    {
        Needs(StreamStoreFeatures.JoinsTransactions);
        await AppendAsync("poll-1", ExpectedVersion.NoStream, TestEvents.New());
        await using (var connection = await ConnectAsync())
        await using (var transaction = await connection.BeginTransactionAsync(Cancel))
        {
            await Store.AppendAsync(transaction, "poll-1", ExpectedVersion.Exactly(1), TestEvents.Many(3), Cancel);
            await Store.AppendAsync(transaction, "poll-2", ExpectedVersion.NoStream, TestEvents.Many(3), Cancel);
            await transaction.RollbackAsync(Cancel);
        }

        (await Store.FindVersionAsync(null, "poll-2", Cancel)).ShouldBe(0);
        (await AppendAsync("poll-1", ExpectedVersion.Exactly(1), TestEvents.New())).Version.ShouldBe(2);
        (await AppendAsync("poll-2", ExpectedVersion.NoStream, TestEvents.New())).Version.ShouldBe(1);
        (await ReadAllAsync()).Count.ShouldBe(3);
    }

    [Fact]
    public async Task Several_appends_of_one_transaction_follow_each_other()
    {
        Needs(StreamStoreFeatures.JoinsTransactions);
        await using var connection = await ConnectAsync();
        await using var transaction = await connection.BeginTransactionAsync(Cancel);

        for (var version = 0; version < 20; version++)
        {
            (await Store.AppendAsync(transaction, "poll-1", ExpectedVersion.Exactly(version), TestEvents.Many(1), Cancel)).Version.ShouldBe(version + 1);
        }

        await transaction.CommitAsync(Cancel);
        (await ReadAllAsync()).Select(each => each.Version).ShouldBe(Enumerable.Range(1, 20).Select(number => (long)number));
    }

    [Fact]
    public async Task A_wrong_version_leaves_the_transaction_as_it_was_and_it_goes_on()
    {
        Needs(StreamStoreFeatures.JoinsTransactions);
        await AppendAsync("poll-1", ExpectedVersion.NoStream, TestEvents.New());
        await using var connection = await ConnectAsync();
        await using var transaction = await connection.BeginTransactionAsync(Cancel);
        await Store.AppendAsync(transaction, "poll-2", ExpectedVersion.NoStream, TestEvents.Many(1), Cancel);

        foreach (var expected in new[] { ExpectedVersion.NoStream, ExpectedVersion.Exactly(4) })
        {
            (await Should.ThrowAsync<WrongExpectedVersionException>(
                async () => await Store.AppendAsync(transaction, "poll-1", expected, TestEvents.Many(2), Cancel))).Actual.ShouldBe(1);
        }

        await Store.AppendAsync(transaction, "poll-1", ExpectedVersion.Exactly(1), TestEvents.Many(1), Cancel);
        await transaction.CommitAsync(Cancel);
        (await ReadAsync("poll-1")).Count.ShouldBe(2);
        (await ReadAsync("poll-2")).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_transaction_that_has_ended_is_refused()
    {
        Needs(StreamStoreFeatures.JoinsTransactions);
        await using var connection = await ConnectAsync();
        await using var transaction = await connection.BeginTransactionAsync(Cancel);
        await transaction.CommitAsync(Cancel);

        await Should.ThrowAsync<InvalidOperationException>(async () => await Store.AppendAsync(transaction, "poll-1", ExpectedVersion.Any, TestEvents.Many(1), Cancel));

        (await ReadAllAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Savepoints_take_back_what_was_appended_behind_them()
    {
        Needs(StreamStoreFeatures.JoinsTransactions);
        await using var connection = await ConnectAsync();
        await using var transaction = await connection.BeginTransactionAsync(Cancel);
        await transaction.SaveAsync("first", Cancel);
        await Store.AppendAsync(transaction, "poll-1", ExpectedVersion.NoStream, TestEvents.Many(2), Cancel);
        await transaction.RollbackAsync("first", Cancel);
        await Store.AppendAsync(transaction, "poll-1", ExpectedVersion.NoStream, TestEvents.Many(1), Cancel);

        (await ReadAllAsync()).ShouldBeEmpty();
        await transaction.CommitAsync(Cancel);

        (await ReadAllAsync()).Count.ShouldBe(1);
    }
}
