using System.Globalization;
using Carillon.Transports;

namespace Carillon.Redis.Transports.Internal;

/// <summary>The dead letters: one stream a subscription.</summary>
internal sealed class RedisDeadLetters(SubscriptionScripts scripts) : ITransportDeadLetters
{
    // So many at once, so that no script holds the server up.
    private const int Batch = 100;

    public async ValueTask<IReadOnlyList<DeadLetter>> ListAsync(string key, int take, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentOutOfRangeException.ThrowIfLessThan(take, 1);
        var found = new List<DeadLetter>();
        while (found.Count < take)
        {
            // Some at a time: what an answer may have is limited.
            var some = await scripts.ReadDeadAsync(key, found.LastOrDefault()?.Id, Math.Min(Batch, take - found.Count), cancellationToken).ConfigureAwait(false);
            if (some.Count == 0)
            {
                break;
            }

            found.AddRange(some);
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
        var (count, last) = await scripts.TakeAllDeadAsync(key, replay, null, Batch, cancellationToken).ConfigureAwait(false);
        while (last is not null)
        {
            (var more, last) = await scripts.TakeAllDeadAsync(key, replay, last, Batch, cancellationToken).ConfigureAwait(false);
            count += more;
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

    /// <summary>Whether it can be one: a text that the server cannot read would fail all of them.</summary>
    private static bool IsEntry(string id) =>
        id.Split('-') is [var time, var number]
        && ulong.TryParse(time, NumberStyles.None, CultureInfo.InvariantCulture, out _) && ulong.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out _);
}
