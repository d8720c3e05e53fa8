using System.Text.Json.Serialization;
using Carillon.Aot.Orders;

namespace Carillon.Aot.App;

[JsonSerializable(typeof(OrderPlaced))]
[JsonSerializable(typeof(OrderHeld))]
[JsonSerializable(typeof(ParcelSent))]
[JsonSerializable(typeof(ParcelArrived))]
[JsonSerializable(typeof(ParcelDelayed))]
[JsonSerializable(typeof(ParcelState))]
[JsonSerializable(typeof(Sent))]
internal sealed partial class EventsJson : JsonSerializerContext;
