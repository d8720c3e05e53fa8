using System.Text.Json.Nodes;

namespace Carillon.Envelopes.Internal;

/// <summary>An upcaster that is a lambda.</summary>
internal sealed class LambdaUpcaster(Func<JsonObject, JsonObject> upcast) : IEventUpcaster
{
    public JsonObject Upcast(JsonObject json, Envelope envelope) => upcast(json);
}
