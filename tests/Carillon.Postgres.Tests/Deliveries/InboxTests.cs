using Carillon.Deliveries;
using Carillon.Postgres.Deliveries;

namespace Carillon.Postgres.Tests.Deliveries;

/// <summary>What many consumers note at once shares transactions, and nobody waits for the transaction of another one.</summary>
public sealed class InboxTests : IAsyncLifetime
{
    private const string Consumer = "mailer";

    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly PostgresPlace _place = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _place.DisposeAsync();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_many_note_and_ask_at_once_is_answered_to_each(bool prepares)
    {
        var inbox = await _place.OpenAsync(options => options.UsePreparedStatements = prepares);
        for (var number = 0; number < 500; number += 3)
        {
            await NoteAsync(inbox, $"message {number}");
        }

        var known = await Task.WhenAll(Enumerable.Range(0, 500).Select(number => inbox.IsRecordedAsync(Consumer, $"message {number}", Now, Cancel).AsTask()));
        var noted = await Task.WhenAll(Enumerable.Range(0, 1_000).Select(number => NoteAsync(inbox, $"message {number / 2}")));

        known.ShouldBe(Enumerable.Range(0, 500).Select(number => number % 3 == 0));
        for (var number = 0; number < 500; number++)
        {
            new[] { noted[2 * number], noted[(2 * number) + 1] }.Count(isNew => isNew).ShouldBe(number % 3 == 0 ? 0 : 1, $"message {number}");
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Whoever_notes_what_an_open_transaction_has_noted_waits_for_its_end_and_keeps_nobody_else_waiting(bool prepares)
    {
        var inbox = await _place.OpenAsync(options => options.UsePreparedStatements = prepares);
        await using var connection = await _place.Source.OpenConnectionAsync(Cancel);
        await using var transaction = await connection.BeginTransactionAsync(Cancel);
        string[] messages = ["held 1", "held 2", "held 3"];
        foreach (var message in messages)
        {
            (await inbox.TryRecordAsync(transaction, Consumer, message, Now, Now.AddDays(1), Cancel)).ShouldBeTrue();
        }

        var held = messages.Select(message => NoteAsync(inbox, message)).ToArray();
        var others = await Task.WhenAll(Enumerable.Range(0, 50).Select(number => NoteAsync(inbox, $"free {number}")));

        others.ShouldAllBe(isNew => isNew);
        held.ShouldAllBe(each => !each.IsCompleted);
        await transaction.RollbackAsync(Cancel);
        (await Task.WhenAll(held)).ShouldAllBe(isNew => isNew);
    }

    [Fact]
    public async Task An_id_that_cannot_be_stored_as_it_is_is_new_once()
    {
        var inbox = await _place.OpenAsync();

        // Half of an emoji, as it remains where a text is cut.
        var noted = await Task.WhenAll(NoteAsync(inbox, "first"), NoteAsync(inbox, "cut \uD83D"), NoteAsync(inbox, "nul \0"));

        noted.ShouldAllBe(isNew => isNew);
        (await NoteAsync(inbox, "cut \uD83D")).ShouldBeFalse();
        (await inbox.IsRecordedAsync(Consumer, "cut \uD83D", Now, Cancel)).ShouldBeTrue();
    }

    [Fact]
    public async Task What_two_note_at_different_times_counts_for_each_as_of_its_own()
    {
        var inbox = await _place.OpenAsync();
        await inbox.TryRecordAsync(null, Consumer, "first", Now, Now.AddHours(1), Cancel);
        await inbox.TryRecordAsync(null, Consumer, "second", Now, Now.AddHours(1), Cancel);

        var noted = await Task.WhenAll(
            NoteAsync(inbox, "before"),
            inbox.TryRecordAsync(null, Consumer, "first", Now, Now.AddDays(1), Cancel).AsTask(),
            inbox.TryRecordAsync(null, Consumer, "second", Now.AddHours(2), Now.AddDays(1), Cancel).AsTask());

        noted.ShouldBe([true, false, true]);
    }

    [Fact]
    public async Task A_server_that_cannot_is_told_to_everybody_at_once()
    {
        var inbox = await _place.OpenAsync();
        await _place.ExecuteAsync("DROP TABLE {schema}.inbox");

        var noted = Enumerable.Range(0, 20).Select(number => NoteAsync(inbox, $"message {number}")).ToArray();

        foreach (var each in noted)
        {
            (await Should.ThrowAsync<DeliveryStoreException>(each)).Message.ShouldContain("The tables are not there as this version wants them");
        }
    }

    [Fact]
    public async Task What_was_asked_for_before_the_store_ends_is_carried_out()
    {
        var store = await _place.OpenAsync();
        var noted = Enumerable.Range(0, 20).Select(number => NoteAsync(store, $"message {number}")).ToArray();

        await _place.CloseAsync(store);

        (await Task.WhenAll(noted)).ShouldAllBe(isNew => isNew);
    }

    private static Task<bool> NoteAsync(PostgresDeliveryStore inbox, string messageId) =>
        inbox.TryRecordAsync(null, Consumer, messageId, Now, Now.AddDays(1), Cancel).AsTask();
}
