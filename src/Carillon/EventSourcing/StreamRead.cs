namespace Carillon.EventSourcing;

/// <summary>One page of a stream.</summary>
/// <param name="Stream">The stream.</param>
/// <param name="From">The version of the first event of the page.</param>
/// <param name="Direction">Where the page goes from there.</param>
/// <param name="MaxCount">How many events at the most.</param>
public sealed record StreamRead(string Stream, long From, ReadDirection Direction, int MaxCount);
