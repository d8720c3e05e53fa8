using System.Globalization;
using Carillon.Redis.Clients.Internal;
using Carillon.Transports;

namespace Carillon.Redis.Transports.Internal;

/// <summary>The dead letters: one stream a subscription.</summary>
internal sealed class RedisDeadLetters(RedisLink link, SubscriptionScripts scripts) : ITransportDeadLetters
{
    // So many at once, so that no script holds the server up.
    private const int Batch = 100;

    public async ValueTask<IReadOnlyList<DeadLetter>> ListAsync(string key, int take, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentOutOfRangeException.ThrowIfLessThan(take, 1);
        var found = new List<DeadLetter>();
        var from = "-";
        while (found.Count < take)
        {
            // Some at a time: what a reply may have is limited.
            var most = Math.Min(Batch, take - found.Count);
            var entries = await ReadAsync(key, "XRANGE", from, "+", most, cancellationToken).ConfigureAwait(false);
            found.AddRange(entries.Select(static entry => StreamFields.ReadDead(entry.Items[0].Text, entry.Items[1].Items)));
            if (entries.Length < most)
            {
                break;
            }

            from = "(" + entries[^1].Items[0].Text;
        }

        return found;
    }

    public ValueTask<int> ReplayAsync(string key, IReadOnlyCollection<string>? ids, CancellationToken cancellationToken) => TakeAsync(key, replay: true, ids, cancellationToken);

    public ValueTask<int> DiscardAsync(string key, IReadOnlyCollection<string>? ids, CancellationToken cancellationToken) => TakeAsync(key, replay: false, ids, cancellationToken);

    private async ValueTask<int> TakeAsync(string key, bool replay, IReadOnlyCollection<string>? ids, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(key);
        return ids is null
            ? await TakeAllAsync(key, replay, cancellationToken).ConfigureAwait(false)
            : await TakeTheseAsync(key, replay, ids.Where(IsEntry), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Up to the one that is the last now: what is given up meanwhile is not among them.</summary>
    private async ValueTask<int> TakeAllAsync(string key, bool replay, CancellationToken cancellationToken)
    {
        if (await ReadAsync(key, "XREVRANGE", "+", "-", 1, cancellationToken).ConfigureAwait(false) is not [var last])
        {
            return 0;
        }

        var (count, end) = (0, last.Items[0].Text);
        while (await ReadAsync(key, "XRANGE", "-", end, Batch, cancellationToken).ConfigureAwait(false) is { Length: > 0 } entries)
        {
            count += await TakeTheseAsync(key, replay, entries.Select(static entry => entry.Items[0].Text), cancellationToken).ConfigureAwait(false);
        }

        return count;
    }

    private async ValueTask<int> TakeTheseAsync(string key, bool replay, IEnumerable<string> entries, CancellationToken cancellationToken)
    {
        var count = 0;
        foreach (var some in entries.Chunk(Batch))
        {
            count += await scripts.TakeDeadAsync(key, replay, some, cancellationToken).ConfigureAwait(false);
        }

        return count;
    }

    private async ValueTask<RespValue[]> ReadAsync(string key, string command, string from, string to, int most, CancellationToken cancellationToken)
    {
        var dead = scripts.KeyOf("dead", SubscriptionScripts.IdOf(key));
        var reply = await link.SendAsync($"read the dead letters of '{key}'", new RedisCommand(command).Add(dead).Add(from).Add(to).Add("COUNT").Add(most), TimeSpan.Zero, cancellationToken)
            .ConfigureAwait(false);
        return reply.Items;
    }

    /// <summary>Whether it can be one: a text that the server cannot read would fail all of them.</summary>
    private static bool IsEntry(string id) =>
        id.Split('-') is [var time, var number]
        && ulong.TryParse(time, NumberStyles.None, CultureInfo.InvariantCulture, out _) && ulong.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out _);
}
