using System.Text.Json.Serialization;
using Carillon.Aot.Orders;

namespace Carillon.Aot.App;

[JsonSerializable(typeof(OrderPlaced))]
[JsonSerializable(typeof(OrderHeld))]
internal sealed partial class EventsJson : JsonSerializerContext;
