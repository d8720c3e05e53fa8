using System.Globalization;
using Carillon.Envelopes;
using Carillon.Redis.Clients.Internal;
using Carillon.Transports;

namespace Carillon.Redis.Transports.Internal;

/// <summary>How an event is written as the fields of an entry: its headers under their names, and what is the transport's own under names that no header has.</summary>
internal static class StreamFields
{
    internal const string Body = "carillon-body";
    internal const string ContentType = "carillon-content-type";
    internal const string Key = "carillon-key";
    internal const string Reason = "carillon-reason";
    internal const string Parked = "carillon-parked";
    internal const string At = "carillon-at";
    internal const string Attempts = "carillon-attempts";

    internal static RedisCommand Write(RedisCommand command, OutgoingEvent outgoing)
    {
        command.Add(ContentType).Add(outgoing.ContentType).Add(Body).Add(outgoing.Body);
        if (outgoing.Key is { Length: > 0 } key)
        {
            command.Add(Key).Add(key);
        }

        foreach (var header in outgoing.Headers)
        {
            // One that has no form as text was none of ours.
            if (header.Value is { } value)
            {
                command.Add(header.Name).Add(value);
            }
        }

        return command;
    }

    /// <summary>An event that was read, of which nothing is certain.</summary>
    internal static StreamEvent Read(string entry, int attempt, RespValue[] fields)
    {
        ReadOnlyMemory<byte>? key = null;
        string? contentType = null;
        var body = ReadOnlyMemory<byte>.Empty;
        var headers = new List<EventHeader>(fields.Length / 2);
        for (var place = 0; place + 1 < fields.Length; place += 2)
        {
            var name = fields[place].Text;
            switch (name)
            {
                case Body:
                    body = fields[place + 1].Bytes;
                    break;
                case ContentType:
                    contentType = fields[place + 1].Text;
                    break;
                case Key:
                    // The first counts, as it does on the server, which keeps the order by it.
                    key ??= fields[place + 1].Bytes;
                    break;
                default:
                    headers.Add(new EventHeader(name, fields[place + 1].TextOrNull));
                    break;
            }
        }

        return new StreamEvent(entry, key ?? default, new IncomingEvent { ContentType = contentType, Headers = headers, Body = body, Attempt = attempt });
    }

    internal static DeadLetter ReadDead(string entry, RespValue[] fields)
    {
        var read = Read(entry, attempt: 1, fields).Incoming;
        return new DeadLetter
        {
            Id = entry,
            Reason = Own(Reason) ?? string.Empty,
            IsParked = Own(Parked) == "1",
            At = DateTimeOffset.FromUnixTimeMilliseconds(long.TryParse(Own(At), NumberStyles.None, CultureInfo.InvariantCulture, out var at) ? at : 0),
            Attempts = int.TryParse(Own(Attempts), NumberStyles.None, CultureInfo.InvariantCulture, out var attempts) ? attempts : 1,
            ContentType = read.ContentType,
            Headers = [.. read.Headers.Skip(4)],
            Body = read.Body,
        };

        // They are in front of whatever the event itself has.
        string? Own(string name) => read.Headers.FirstOrDefault(header => header.Name == name).Value;
    }
}
