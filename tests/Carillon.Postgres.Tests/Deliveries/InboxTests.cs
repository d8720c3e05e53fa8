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

    [Fact]
    public async Task Whoever_notes_what_an_open_transaction_has_noted_waits_for_its_end_and_keeps_nobody_else_waiting()
    {
        var inbox = await _place.OpenAsync();
        await using var connection = await _place.Source.OpenConnectionAsync(Cancel);
        await using var transaction = await connection.BeginTransactionAsync(Cancel);
        (await inbox.TryRecordAsync(transaction, Consumer, "held", Now, Now.AddDays(1), Cancel)).ShouldBeTrue();

        var held = NoteAsync(inbox, "held");
        var others = await Task.WhenAll(Enumerable.Range(0, 50).Select(number => NoteAsync(inbox, $"free {number}")));

        others.ShouldAllBe(isNew => isNew);
        held.IsCompleted.ShouldBeFalse();
        await transaction.RollbackAsync(Cancel);
        (await held).ShouldBeTrue();
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
