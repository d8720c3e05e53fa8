namespace Carillon.Tracing;

/// <summary>A listener in a trace. None is made for it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Priority">Its priority.</param>
/// <param name="Delivery">How events reach it.</param>
public sealed record TracedListener(string Id, int Priority, Delivery Delivery);
