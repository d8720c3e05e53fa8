using System.Text.Json;
using Carillon.Diagnostics.Internal;
using Carillon.Envelopes;
using Microsoft.Extensions.Options;

namespace Carillon.EventSourcing.Internal;

/// <summary>Turns states into snapshots and back. A snapshot saves reading and is never the truth: one that cannot be read is none.</summary>
internal sealed class StoredSnapshots(IOptions<EnvelopeOptions> envelopes, TimeProvider time, Loggers loggers)
{
    internal StoredSnapshot Seal(string stream, long version, object state, Type type, string? shape)
    {
        envelopes.Value.Freeze();
        try
        {
            return new StoredSnapshot
            {
                Stream = stream,
                Version = version,
                Shape = shape ?? type.Name,
                Time = time.GetUtcNow(),
                State = JsonSerializer.SerializeToUtf8Bytes(state, envelopes.Value.Json.GetTypeInfo(type)),
            };
        }
        catch (Exception exception) when (exception is JsonException or NotSupportedException or InvalidOperationException or ArgumentException)
        {
            throw new EventSerializationException(
                $"The snapshot of the stream '{stream}' ({type}) cannot be serialized: {exception.Message} Keep states to plain values, or add a JsonSerializerContext or converter in ConfigureEnvelopes.",
                exception);
        }
    }

    internal object? TryRead(StoredSnapshot stored, Type type, string? shape)
    {
        if (stored.Shape != (shape ?? type.Name))
        {
            return null;
        }

        envelopes.Value.Freeze();
        try
        {
            return JsonSerializer.Deserialize(stored.State.Span, envelopes.Value.Json.GetTypeInfo(type));
        }
#pragma warning disable CA1031 // Whatever a constructor or a converter throws: the events are there.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Log.SnapshotUnreadable(loggers.EventStore, stored.Stream, stored.Version, type, exception);
            return null;
        }
    }
}
