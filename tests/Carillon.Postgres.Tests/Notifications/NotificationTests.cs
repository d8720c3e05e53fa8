using Carillon.Postgres.Deliveries;
using Carillon.Testing;
using Npgsql;

namespace Carillon.Postgres.Tests.Notifications;

public sealed class NotificationTests : IAsyncDisposable
{
    private readonly PostgresPlace _place = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _place.DisposeAsync();

    [Fact]
    public async Task What_one_process_announces_another_one_is_told()
    {
        var speaker = await _place.OpenAsync();
        var woken = new Wakes();
        await using var listening = await (await _place.OpenAsync()).ListenAsync(woken.Wake, Cancel);
        await woken.NextAsync();

        speaker.Announce();

        await woken.NextAsync();
    }

    [Fact]
    public async Task Many_announcements_are_told_at_once_and_at_most_every_two_milliseconds()
    {
        var time = new SimulatedTime(DateTimeOffset.UnixEpoch);
        var speaker = await _place.OpenAsync(time: time);
        var woken = new Wakes();
        await using var listening = await (await _place.OpenAsync()).ListenAsync(woken.Wake, Cancel);
        await woken.NextAsync();

        speaker.Announce();
        await woken.NextAsync();
        await SentAsync(speaker);
        for (var i = 0; i < 1_000; i++)
        {
            speaker.Announce();
        }

        speaker.Notifications.Sent.ShouldBe(1);
        // The pause begins once the first is back, which may be a moment after the others have heard of it.
        while (speaker.Notifications.Sent < 2)
        {
            time.Advance(TimeSpan.FromMilliseconds(2));
            await Task.Yield();
        }

        await woken.NextAsync();
        speaker.Notifications.Sent.ShouldBe(2);
    }

    [Fact] // 220
    public async Task Nobody_is_told_of_what_is_rolled_back_or_not_yet_committed()
    {
        var store = await _place.OpenAsync();
        await using var ear = await _place.Source.OpenConnectionAsync(Cancel);
        var heard = 0;
        ear.Notification += (_, _) => heard++;
        await ExecuteAsync(ear, $"LISTEN {_place.Schema}_deliveries");

        await using (var connection = await _place.Source.OpenConnectionAsync(Cancel))
        await using (var transaction = await connection.BeginTransactionAsync(Cancel))
        {
            await store.AddAsync(transaction, [TestDeliveries.New()], Cancel);
            await transaction.RollbackAsync(Cancel);
        }

        // Whatever was told before this is heard with it, in its order.
        await _place.ExecuteAsync("NOTIFY {schema}_deliveries, 'the end'");
        await ear.WaitAsync(Cancel);
        heard.ShouldBe(1);
        store.Notifications.Sent.ShouldBe(0);
    }

    [Fact]
    public async Task A_listener_whose_connection_is_cut_wakes_once_and_listens_again()
    {
        var speaker = await _place.OpenAsync();
        var woken = new Wakes();
        await using var listening = await (await _place.OpenAsync()).ListenAsync(woken.Wake, Cancel);
        await woken.NextAsync();

        (await CutAsync("LISTEN")).ShouldBe(1);

        // Notifications may have been missed meanwhile.
        await woken.NextAsync();
        speaker.Announce();
        await woken.NextAsync();
    }

    [Fact]
    public async Task A_speaker_whose_connection_is_cut_tells_through_another_one()
    {
        var speaker = await _place.OpenAsync();
        var woken = new Wakes();
        await using var listening = await (await _place.OpenAsync()).ListenAsync(woken.Wake, Cancel);
        await woken.NextAsync();
        speaker.Announce();
        await woken.NextAsync();

        (await CutAsync("NOTIFY")).ShouldBe(1);
        speaker.Announce();

        await woken.NextAsync();
    }

    [Fact]
    public async Task A_process_is_not_woken_by_what_it_announces_itself()
    {
        var store = await _place.OpenAsync();
        var woken = new Wakes();
        await using var listening = await store.ListenAsync(woken.Wake, Cancel);
        await woken.NextAsync();

        store.Announce();
        await using var another = new Speaker(await _place.OpenAsync());
        await another.AnnounceAfterAsync(store);

        await woken.NextAsync();
        woken.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Without_notifications_nobody_listens_nobody_tells_and_the_description_says_so()
    {
        var store = await _place.OpenAsync(options => options.UseNotifications = false);

        (await store.ListenAsync(static () => { }, Cancel)).ShouldBeNull();
        store.Announce();

        store.Notifications.Sent.ShouldBe(0);
        store.Description.ShouldContain("without notifications");
    }

    // The others may hear of it before the one who has told is back.
    private static async Task SentAsync(PostgresDeliveryStore speaker)
    {
        while (speaker.Notifications.Sent == 0)
        {
            await Task.Yield();
        }
    }

    private async Task<long> CutAsync(string statement) =>
        await _place.ReadAsync<long>(
            $"SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE query = '{statement} \"{_place.Schema}_deliveries\"'");

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Cancel);
    }

    private sealed class Speaker(PostgresDeliveryStore store) : IAsyncDisposable
    {
        internal async Task AnnounceAfterAsync(PostgresDeliveryStore first)
        {
            while (first.Notifications.Sent == 0)
            {
                await Task.Yield();
            }

            store.Announce();
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
