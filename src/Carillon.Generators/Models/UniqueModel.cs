namespace Carillon.Generators.Models;

/// <summary>That equal deliveries of a listener are not stored beside each other.</summary>
/// <param name="UntilStarted">Until the first one starts, not until it is done.</param>
/// <param name="ForSeconds">For so long, whatever becomes of it; 0 for as long as it is unique.</param>
/// <param name="Replaces">A later one takes its place.</param>
/// <param name="MaxWaitSeconds">So long after the first event it runs; 0 for no such end.</param>
internal sealed record UniqueModel(bool UntilStarted, int ForSeconds, bool Replaces, int MaxWaitSeconds);
