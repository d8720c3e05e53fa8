namespace Carillon.Killing.App;

/// <summary>Dispatched by a transactional listener, in its transaction.</summary>
[Event("order.booked")]
internal sealed record OrderBooked(string Id);
