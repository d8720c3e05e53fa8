using System.Text;
using System.Text.Json;
using Carillon.Redis.Clients.Internal;
using Carillon.Transports;

namespace Carillon.Redis.Transports.Internal;

/// <summary>What the server is asked to do: each a script, so that it happens whole or not at all.</summary>
/// <threadsafety>Safe for concurrent use.</threadsafety>
internal sealed class SubscriptionScripts(RedisLink link, RedisOptions options, AnswerLimits limits)
{
    private readonly string _prefix = $"{{{options.Prefix}}}";
    private readonly long _lease = (long)options.ReceiverLease.TotalMilliseconds;

    internal static string IdOf(string key) => "k:" + key;

    internal string KeyOf(string kind, string id) => $"{_prefix}:{kind}:{id}";

    /// <returns>How many subscriptions have taken it, and how many older events had to go for it.</returns>
    internal async ValueTask<(long Taken, long Trimmed)> PublishAsync(OutgoingEvent outgoing, CancellationToken cancellationToken)
    {
        var reply = await RunAsync(
            $"publish '{outgoing.EventName}'",
            RedisScript.Publish,
            command => StreamFields.Write(command.Add(outgoing.EventName).Add(options.MaxWaiting), outgoing),
            cancellationToken).ConfigureAwait(false);
        return (reply.Items[0].Number, reply.Items[1].Number);
    }

    /// <param name="id">Of the subscription.</param>
    /// <param name="receiver">Who receives.</param>
    /// <param name="wanted">What.</param>
    /// <param name="counts">Whether that counts from now on; false if it counts only where nobody has said it, so that a connection that was lost does not undo what somebody has said since.</param>
    /// <param name="cancellationToken">Gives up.</param>
    internal async ValueTask JoinAsync(string id, string receiver, TransportSubscription wanted, bool counts, CancellationToken cancellationToken) =>
        await RunAsync("subscribe", RedisScript.Join, command => command.Add(id).Add(receiver).Add(_lease).Add(Write(wanted)).Add(counts ? 1 : 0), cancellationToken).ConfigureAwait(false);

    /// <returns>False if others have taken over what the receiver had.</returns>
    internal async ValueTask<bool> BeatAsync(string id, string receiver, CancellationToken cancellationToken) =>
        (await RunAsync("extend a lease", RedisScript.Beat, command => command.Add(id).Add(receiver).Add(_lease), cancellationToken).ConfigureAwait(false)).Number == 1;

    /// <param name="id">Of the subscription.</param>
    /// <param name="receiver">Who receives.</param>
    /// <param name="most">How many events at the most.</param>
    /// <param name="isOrdered">Whether the order of keys is kept.</param>
    /// <param name="inHand">What the receiver has, if an answer may have been lost: whatever else the server has given it comes again. Null if none was.</param>
    /// <param name="cancellationToken">Gives up.</param>
    internal async ValueTask<Taken> TakeAsync(
        string id, string receiver, int most, bool isOrdered, IReadOnlyCollection<string>? inHand, CancellationToken cancellationToken)
    {
        var reply = (await RunAsync(
            "receive",
            RedisScript.Take,
            command =>
            {
                command.Add(id).Add(receiver).Add(most).Add(isOrdered ? 1 : 0).Add(limits.Full).Add(limits.Largest).Add(inHand is null ? 0 : 1);
                return inHand is null ? command : inHand.Aggregate(command, static (sum, entry) => sum.Add(entry));
            },
            cancellationToken).ConfigureAwait(false)).Items;
        var events = Array.ConvertAll(reply[0].Items, static each => StreamFields.Read(each.Items[0].Text, (int)Math.Min(each.Items[1].Number, int.MaxValue - 1) + 1, each.Items[2].Items));
        var next = reply[3].Number;
        return new Taken(events, reply[1].Text, reply[2].Text, next < 0 ? null : TimeSpan.FromMilliseconds(next), reply[4].Number == 1, reply[5].Number);
    }

    /// <returns>False if the receiver does not have the event any more.</returns>
    internal async ValueTask<bool> SettleAsync(string id, string receiver, StreamEvent @event, ReceiveOutcome outcome, CancellationToken cancellationToken)
    {
        var reply = await RunAsync(
            "say what became of an event",
            RedisScript.Settle,
            command =>
            {
                command.Add(id).Add(receiver).Add(@event.Entry).Add(@event.Key);
                return outcome.Action switch
                {
                    ReceiveAction.Return => command.Add("return"),
                    // Longer than a hundred years is longer than any server lives, and more than a number of Lua counts exactly.
                    ReceiveAction.Retry => command.Add("retry").Add((long)Math.Ceiling(Math.Min(outcome.Delay.TotalMilliseconds, TimeSpan.FromDays(36525).TotalMilliseconds))),
                    ReceiveAction.DeadLetter => command.Add("dead").Add(outcome.Reason ?? string.Empty),
                    ReceiveAction.Park => command.Add("park").Add(outcome.Reason ?? string.Empty),
                    _ => command.Add("ack"),
                };
            },
            cancellationToken).ConfigureAwait(false);
        return reply.Number == 1;
    }

    internal async ValueTask LeaveAsync(string id, string receiver, CancellationToken cancellationToken) =>
        await RunAsync("stop receiving", RedisScript.Leave, command => command.Add(id).Add(receiver), cancellationToken).ConfigureAwait(false);

    internal async ValueTask<bool> DeleteAsync(string key, CancellationToken cancellationToken)
    {
        var reply = await RunAsync($"delete the subscription '{key}'", RedisScript.Delete, command => command.Add(IdOf(key)), cancellationToken).ConfigureAwait(false);
        return reply.Number >= 0
            ? reply.Number == 1
            : throw new TransportException($"The subscription '{key}' cannot be deleted while somebody receives from it. Stop its receivers first; one that has crashed counts for {options.ReceiverLease}.");
    }

    /// <summary>Some dead letters: an answer full, so that there may be fewer than wanted; none when there are no more.</summary>
    /// <param name="key">Of the subscription.</param>
    /// <param name="behind">The entry behind which to begin; null for the beginning.</param>
    /// <param name="most">How many at the most.</param>
    /// <param name="cancellationToken">Gives up.</param>
    internal async ValueTask<IReadOnlyList<DeadLetter>> ReadDeadAsync(string key, string? behind, int most, CancellationToken cancellationToken)
    {
        var reply = await RunAsync(
            $"read the dead letters of '{key}'",
            RedisScript.ListDead,
            command => command.Add(IdOf(key)).Add(behind is null ? "-" : "(" + behind).Add(most).Add(limits.Full).Add(limits.Largest),
            cancellationToken).ConfigureAwait(false);
        return Array.ConvertAll(reply.Items, static each => StreamFields.ReadDead(each.Items[0].Text, each.Items[1].Items));
    }

    /// <returns>How many there were of those up to the last one, and which that is; null if there are no more of them.</returns>
    internal async ValueTask<(int Count, string? Last)> TakeAllDeadAsync(string key, bool replay, string? last, int most, CancellationToken cancellationToken)
    {
        var reply = await RunAsync(
            $"{(replay ? "replay" : "discard")} all dead letters of '{key}'",
            RedisScript.AllDead,
            command => command.Add(IdOf(key)).Add(replay ? 1 : 0).Add(most).Add(last ?? string.Empty),
            cancellationToken).ConfigureAwait(false);
        var end = reply.Items[1].Text;
        return ((int)reply.Items[0].Number, end.Length == 0 ? null : end);
    }

    internal async ValueTask<int> TakeDeadAsync(string key, bool replay, IEnumerable<string> entries, CancellationToken cancellationToken)
    {
        var reply = await RunAsync(
            $"{(replay ? "replay" : "discard")} dead letters of '{key}'",
            RedisScript.Dead,
            command => entries.Aggregate(command.Add(IdOf(key)).Add(replay ? 1 : 0), static (sum, entry) => sum.Add(entry)),
            cancellationToken).ConfigureAwait(false);
        return (int)reply.Number;
    }

    private ValueTask<RespValue> RunAsync(string what, RedisScript script, Func<RedisCommand, RedisCommand> complete, CancellationToken cancellationToken) =>
        link.RunAsync(what, script, command => complete(command.Add(1).Add(_prefix)), cancellationToken);

    private static string Write(TransportSubscription wanted)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteStartArray("patterns");
            foreach (var pattern in wanted.Patterns)
            {
                json.WriteStringValue(pattern);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
    }
}
