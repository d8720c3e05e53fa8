using System.Text.Json;
using System.Text.Json.Serialization;
using Carillon.Envelopes;

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

    /// <summary>What the ids of its time-outs have in common; 0 before the first one.</summary>
    [JsonPropertyName("mark")]
    public long Mark { get; set; }

    /// <summary>How many time-outs were numbered.</summary>
    [JsonPropertyName("numbered")]
    public int Numbered { get; set; }

    /// <summary>Under the name of the event the number of the last time-out that was taken back or moved; null if none was.</summary>
    [JsonPropertyName("takenBack")]
    public Dictionary<string, int>? TakenBack { get; set; }

    /// <summary>Makes the id of a new time-out.</summary>
    /// <param name="id">One that nobody has.</param>
    internal Guid NumberTimeOut(Guid id)
    {
        if (Numbered == TimeOutId.LastNumber)
        {
            (Mark, Numbered, TakenBack) = (0, 0, null);
        }

        Mark = Mark == 0 ? TimeOutId.MarkOf(id) : Mark;
        return TimeOutId.Of(id, Mark, ++Numbered);
    }

    /// <summary>Takes a time-out back, if one is open.</summary>
    /// <returns>Its id.</returns>
    internal Guid? TakeBack(string eventName)
    {
        if (!TimeOuts.Remove(eventName, out var id))
        {
            return null;
        }

        // Not one that was begun before time-outs had numbers.
        if (TimeOutId.MarkOf(id) == Mark)
        {
            (TakenBack ??= [])[eventName] = TimeOutId.NumberOf(id);
        }

        return id;
    }

    /// <summary>Whether an event comes from a time-out that was taken back when it was on its way already.</summary>
    internal bool HasTakenBack(Envelope envelope) =>
        envelope.CausationId is { } cause
        && TakenBack is not null
        && TakenBack.TryGetValue(envelope.EventName, out var last)
        && TimeOutId.MarkOf(cause) == Mark
        && TimeOutId.NumberOf(cause) <= last;

    internal static SagaProgress Read(ReadOnlyMemory<byte> json) => JsonSerializer.Deserialize(json.Span, SagaJson.Default.SagaProgress) ?? new SagaProgress();

    internal byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, SagaJson.Default.SagaProgress);
}

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(SagaProgress))]
[JsonSerializable(typeof(Compensation))]
[JsonSerializable(typeof(TimeOutsToCancel))]
internal sealed partial class SagaJson : JsonSerializerContext;
