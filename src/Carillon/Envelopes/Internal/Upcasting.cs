using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Carillon.Events;

namespace Carillon.Envelopes.Internal;

/// <summary>Takes stored events of older versions to the version of today, a step at a time.</summary>
internal sealed class Upcasting(IEnumerable<UpcastStep> steps, IServiceProvider services)
{
    private readonly ConcurrentDictionary<UpcastStep, IEventUpcaster> _upcasters = new();

    // Start-up refuses two for one step; until it has spoken, the first one stands.
    private readonly Dictionary<(Type EventType, int FromVersion), UpcastStep> _steps = steps
        .DistinctBy(static step => (step.EventType, step.FromVersion))
        .ToDictionary(static step => (step.EventType, step.FromVersion));

    internal JsonObject Upcast(EventType eventType, Envelope envelope, JsonSerializerOptions json)
    {
        if (envelope.EventVersion < 1)
        {
            throw new EventSerializationException($"The stored event '{envelope.EventName}' has the version {envelope.EventVersion}; versions are counted from 1.");
        }

        var upcast = Parse(eventType, envelope, json);
        for (var version = envelope.EventVersion; version < eventType.Version; version++)
        {
            upcast = TakeStep(eventType, version, upcast, envelope);
        }

        return upcast;
    }

    /// <summary>Why a step cannot be taken for want of what takes it; null if it can.</summary>
    internal string? WhyNotCreatable(UpcastStep step)
    {
        try
        {
            Get(step);
            return null;
        }
#pragma warning disable CA1031 // Whatever the constructor or the container says: it becomes a problem that stops the start, with everything else.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            return exception.Message;
        }
    }

    private static JsonObject Parse(EventType eventType, Envelope envelope, JsonSerializerOptions json)
    {
        var parsed = JsonNode.Parse(
            envelope.Payload.Span,
            new JsonNodeOptions { PropertyNameCaseInsensitive = json.PropertyNameCaseInsensitive },
            new JsonDocumentOptions
            {
                MaxDepth = json.MaxDepth,
#if NET10_0_OR_GREATER // As in EnvelopeOptions.
                AllowDuplicateProperties = json.AllowDuplicateProperties,
#endif
                AllowTrailingCommas = json.AllowTrailingCommas,
                CommentHandling = json.ReadCommentHandling,
            });
        return parsed as JsonObject ?? throw new EventSerializationException(
            $"The stored event '{envelope.EventName}' of version {envelope.EventVersion} is {(parsed is null ? "the JSON value null" : $"a JSON {parsed.GetValueKind()}")}, "
            + $"not an object, so nothing can take it to version {eventType.Version}.");
    }

    private JsonObject TakeStep(EventType eventType, int version, JsonObject json, Envelope envelope)
    {
        if (!_steps.TryGetValue((eventType.Type, version), out var step))
        {
            throw new EventSerializationException(
                $"The stored event '{envelope.EventName}' has the version {envelope.EventVersion}, and nothing takes it from version {version} to {version + 1} of {eventType.Version}. "
                + $"Add an upcaster: AddUpcaster<{eventType.Type.Name}>(fromVersion: {version}, json => ...).");
        }

        try
        {
            return Get(step).Upcast(json, envelope) ?? throw new InvalidOperationException("It returned null.");
        }
        catch (Exception exception)
        {
            throw new EventSerializationException(
                $"The upcaster {step.Name} failed to take the stored event '{envelope.EventName}' ({envelope.Id}, stored in version {envelope.EventVersion}) from version {version} to {version + 1}: {exception.Message} "
                + "Mend it, then retry the delivery: the stored event is as it was.",
                exception);
        }
    }

    private IEventUpcaster Get(UpcastStep step) =>
        _upcasters.GetOrAdd(step, static (step, services) => step.Create(services), services);
}
