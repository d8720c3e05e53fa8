using System.Text.Json;
using System.Text.Json.Serialization;
using Orders.Payments;
using Orders.Fulfilling;

namespace Orders.Events;

/// <summary>How events, jobs and the state of the process are written to the store, generated at compile time.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(OrderPlaced))]
[JsonSerializable(typeof(StockReserved))]
[JsonSerializable(typeof(PaymentReceived))]
[JsonSerializable(typeof(PaymentDeclined))]
[JsonSerializable(typeof(PaymentDelayed))]
[JsonSerializable(typeof(ChargeCard))]
[JsonSerializable(typeof(OrderState))]
internal sealed partial class OrdersJsonContext : JsonSerializerContext;
