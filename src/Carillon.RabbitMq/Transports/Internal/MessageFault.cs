using System.Buffers;
using System.Globalization;
using System.Text;
using Carillon.Transports;
using RabbitMQ.Client;

namespace Carillon.RabbitMq.Transports.Internal;

/// <summary>Why a message cannot be published, before anybody tries.</summary>
internal static class MessageFault
{
    // What AMQP counts with one byte: names, ids, kinds of content.
    private const int ShortLimit = 255;

    // A character of .NET is so many bytes of UTF-8 at the most.
    private const int Widest = 3;

    // What goes around the properties of a message in its frame, with room to spare for the properties themselves; and around each header.
    private const int FrameSpare = 64;
    private const int HeaderSpare = 6;

    private const int Shown = 40;

    private static readonly CompositeFormat TooLong = CompositeFormat.Parse("{0} has {1} bytes as UTF-8, and RabbitMQ takes no more than 255 bytes there. Make it shorter.");

    internal static string Name(OutgoingEvent outgoing) => $"'{outgoing.EventName}' {outgoing.Id}";

    internal static string Name(string queue) => $"A message to the queue '{queue}'";

    /// <summary>The text of the id, which most events carry as a header already.</summary>
    internal static string IdOf(OutgoingEvent outgoing) => Find(outgoing, "cloudEvents:id") ?? outgoing.Id.ToString();

    /// <summary>The key that is to have a header of its own, since none of the event says it.</summary>
    internal static string? KeyOf(OutgoingEvent outgoing) => outgoing.Key is { } key && Find(outgoing, "cloudEvents:partitionkey") is null ? key : null;

    /// <summary>Says what is wrong with an event, or null if nothing is. Counts bytes only where they might be too many.</summary>
    internal static string? Find(OutgoingEvent outgoing, uint frameMax)
    {
        if (!IsShort(outgoing.EventName))
        {
            return Say("its name", outgoing.EventName);
        }

        if (!IsShort(outgoing.ContentType))
        {
            return Say("its content type", outgoing.ContentType);
        }

        var key = KeyOf(outgoing);
        var most = (outgoing.ContentType.Length * Widest) + ShortLimit + (2 * FrameSpare) + (key?.Length * Widest ?? 0L);
        for (var place = 0; place < outgoing.Headers.Count; place++)
        {
            var (name, value) = outgoing.Headers[place];
            if (!IsShort(name))
            {
                return Say($"the name of the header '{(name.Length > Shown ? $"{name.AsSpan(0, Shown)}..." : name)}'", name);
            }

            if (value is not null && name == "cloudEvents:id" && !IsShort(value))
            {
                return Say("its id, in the header 'cloudEvents:id',", value);
            }

            most += ((name.Length + (long)(value?.Length ?? 0)) * Widest) + HeaderSpare;
        }

        if (frameMax == 0 || most <= frameMax)
        {
            return null;
        }

        using var headers = new EventHeaderTable();
        headers.Set(outgoing.Headers, key);
        return FindSize(new BasicProperties { ContentType = outgoing.ContentType, MessageId = IdOf(outgoing), DeliveryMode = DeliveryModes.Persistent, Priority = 0, Headers = headers }, frameMax);
    }

    /// <summary>The same of a message of the transport's own, which may carry whatever strangers have sent: so it is written once to see.</summary>
    internal static string? Find(BasicProperties properties, uint frameMax) => CannotWrite(properties) is { } why
        ? $"its properties cannot be written: {why.TrimEnd('.')}. Take it out of its queue by other means."
        : FindSize(properties, frameMax);

    /// <summary>Whether properties fit into a frame. A broker ends the connection of whoever sends larger ones.</summary>
    internal static bool Fits(BasicProperties properties, uint frameMax) => frameMax == 0 || ((IAmqpWriteable)properties).GetRequiredBufferSize() + FrameSpare <= frameMax;

    /// <summary>Whether AMQP takes it for a name or an id.</summary>
    internal static bool IsShort(string text) => text.Length * Widest <= ShortLimit || Encoding.UTF8.GetByteCount(text) <= ShortLimit;

    /// <summary>What the client throws when it writes these; null if it writes them.</summary>
    internal static string? CannotWrite(BasicProperties properties)
    {
        var writeable = (IAmqpWriteable)properties;
        byte[]? buffer = null;
        try
        {
            buffer = ArrayPool<byte>.Shared.Rent(writeable.GetRequiredBufferSize());
            writeable.WriteTo(buffer);
            return null;
        }
#pragma warning disable CA1031 // Each of its types of value has exceptions of its own.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            return exception.Message;
        }
        finally
        {
            if (buffer is not null)
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }
    }

    private static string? FindSize(BasicProperties properties, uint frameMax) => Fits(properties, frameMax)
        ? null
        : string.Create(CultureInfo.InvariantCulture, $"its headers, with its key among them, are larger than a frame of the broker, which has {frameMax:N0} bytes. Put what is large into the body, or raise frame_max in the broker's configuration.");

    private static string Say(string what, string text) => string.Format(CultureInfo.InvariantCulture, TooLong, what, Encoding.UTF8.GetByteCount(text));

    private static string? Find(OutgoingEvent outgoing, string name)
    {
        for (var place = 0; place < outgoing.Headers.Count; place++)
        {
            if (outgoing.Headers[place] is var header && header.Name == name)
            {
                return header.Value;
            }
        }

        return null;
    }
}
