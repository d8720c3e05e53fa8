using System.Text.Json;
using System.Text.Json.Serialization;

namespace Carillon.Sagas.Internal;

/// <summary>What the engine has to know of a saga beside its state.</summary>
internal sealed class SagaProgress
{
    /// <summary>The ids of the starting listeners that have run.</summary>
    [JsonPropertyName("started")]
    public List<string> Started { get; set; } = [];

    /// <summary>The ids of the listeners that have succeeded and can be undone, in their order.</summary>
    [JsonPropertyName("done")]
    public List<string> Done { get; set; } = [];

    /// <summary>Open time-outs: under the name of the event the id of what waits.</summary>
    [JsonPropertyName("timeOuts")]
    public Dictionary<string, Guid> TimeOuts { get; set; } = [];

    internal static SagaProgress Read(ReadOnlyMemory<byte> json) => JsonSerializer.Deserialize(json.Span, SagaJson.Default.SagaProgress) ?? new SagaProgress();

    internal byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, SagaJson.Default.SagaProgress);
}

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(SagaProgress))]
[JsonSerializable(typeof(Compensation))]
[JsonSerializable(typeof(TimeOutsToCancel))]
internal sealed partial class SagaJson : JsonSerializerContext;
