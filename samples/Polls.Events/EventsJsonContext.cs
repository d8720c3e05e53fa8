using System.Text.Json;
using System.Text.Json.Serialization;

namespace Polls.Events;

/// <summary>How the events are written, to a store and on the wire, generated at compile time.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(PollCreated))]
[JsonSerializable(typeof(VoteCast))]
public sealed partial class EventsJsonContext : JsonSerializerContext;
