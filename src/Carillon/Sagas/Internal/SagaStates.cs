using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Carillon.Envelopes;
using Microsoft.Extensions.Options;

namespace Carillon.Sagas.Internal;

/// <summary>Turns the state of sagas into JSON and back, as events are.</summary>
internal sealed class SagaStates
{
    private readonly EnvelopeOptions _options;

    public SagaStates(IOptions<EnvelopeOptions> options)
    {
        _options = options.Value;
        _options.Freeze();
    }

    internal byte[] Write(SagaStep step, string key, object state)
    {
        byte[] json;
        try
        {
            json = JsonSerializer.SerializeToUtf8Bytes(state, TypeInfo(step));
        }
        catch (Exception exception) when (exception is JsonException or NotSupportedException or InvalidOperationException or ArgumentException)
        {
            throw new EventSerializationException(
                $"The state of the saga '{step.Saga}' ({step.StateType}) with the key '{key}' cannot be serialized: {exception.Message} "
                + "Keep it to plain values, or add a JsonSerializerContext or converter in ConfigureEnvelopes.",
                exception);
        }

        return json.Length <= _options.MaxPayloadBytes
            ? json
            : throw new EventSerializationException(
                $"The state of the saga '{step.Saga}' with the key '{key}' has {json.Length:N0} bytes, and {_options.MaxPayloadBytes:N0} are the most (EnvelopeOptions.MaxPayloadBytes). "
                + "Keep ids in it, and the bulk elsewhere.");
    }

    internal object Read(SagaStep step, Saga saga, SagaInstance instance)
    {
        if (instance.StateVersion > step.Version)
        {
            throw new EventSerializationException(
                $"The saga '{step.Saga}' with the key '{instance.Key}' was saved with version {instance.StateVersion} of its state, and this application knows up to {step.Version}. "
                + "It comes again, for an application that knows more; update this one.");
        }

        try
        {
            var state = instance.StateVersion == step.Version
                ? JsonSerializer.Deserialize(instance.State.Span, TypeInfo(step))
                : saga.Upgrade(JsonNode.Parse(instance.State.Span)!.AsObject(), instance.StateVersion).Deserialize(TypeInfo(step));
            return state ?? throw new InvalidOperationException("It is the JSON value null.");
        }
#pragma warning disable CA1031 // Beside what JSON says of itself, whatever a constructor, a setter or the upgrade throws at such values.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            throw new EventSerializationException(
                $"The state of the saga '{step.Saga}' with the key '{instance.Key}', of version {instance.StateVersion}, cannot be read as {step.StateType}: {exception.Message} "
                + "If the type has changed since it was saved, make the new members optional, or raise the version in [Saga] and override Upgrade; then retry the delivery.",
                exception);
        }
    }

    private JsonTypeInfo TypeInfo(SagaStep step) => _options.Json.GetTypeInfo(step.StateType);
}
