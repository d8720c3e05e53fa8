using System.Text.Json.Serialization;
using Carillon.Events;

namespace Carillon.Scheduling.Internal;

/// <summary>That a schedule's time has come. One delivery of it waits for each schedule; whoever leases it runs the schedule and writes the next one.</summary>
/// <param name="Schedule">The name of the schedule.</param>
/// <param name="At">The time for which it runs: the delivery's own due time moves with leases and retries.</param>
/// <param name="Text">What the schedule said of itself when this was written.</param>
internal sealed record ScheduleTick(
    [property: JsonPropertyName("schedule")] string Schedule,
    [property: JsonPropertyName("at")] DateTimeOffset At,
    [property: JsonPropertyName("text")] string Text)
{
    /// <summary>A name of its own in the store.</summary>
    internal const string EventName = "carillon.tick";

    internal static readonly EventType EventType = new(typeof(ScheduleTick), EventName) { TypeInfo = TickJson.Default.ScheduleTick };

    /// <summary>When a tick is due that is paused: never, as far as anybody lives to see.</summary>
    internal static readonly DateTimeOffset Paused = new(9999, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The time for which the schedule ran before.</summary>
    [JsonPropertyName("last")]
    public DateTimeOffset? Last { get; init; }

    /// <summary>How many missed times in a row have been made up for.</summary>
    [JsonPropertyName("madeUp")]
    public int MadeUp { get; init; }

    [JsonPropertyName("paused")]
    public bool IsPaused { get; init; }

    /// <summary>Whether it stands for one run, behind which no other comes: at start, or once more since its event could not be made when the schedule went on.</summary>
    [JsonPropertyName("start")]
    public bool IsStart { get; init; }

    /// <summary>The id of the listener that takes the ticks of a schedule: an application that does not have the schedule does not know it, and puts the tick aside.</summary>
    internal static string ListenerId(string schedule) => $"{EventName}:{schedule}";

    /// <summary>By which only one tick of a schedule waits.</summary>
    internal static string UniqueKey(string schedule) => ListenerId(schedule);
}

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(ScheduleTick))]
internal sealed partial class TickJson : JsonSerializerContext;
