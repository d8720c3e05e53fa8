namespace Carillon.Deliveries;

/// <summary>A worker cleans up.</summary>
/// <param name="Known">What this application knows: deliveries that were parked for want of it are made ready.</param>
/// <param name="Now">The time (UTC): what was to be kept until now is removed.</param>
public sealed record SweepRequest(KnownNames Known, DateTimeOffset Now);
