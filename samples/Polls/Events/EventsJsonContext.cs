using System.Text.Json;
using System.Text.Json.Serialization;

namespace Polls.Events;

/// <summary>How events are written to the store, generated at compile time.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(PollCreated))]
[JsonSerializable(typeof(VoteCast))]
internal sealed partial class EventsJsonContext : JsonSerializerContext;
