namespace Carillon.EventSourcing;

/// <summary>How far a rebuild has come.</summary>
/// <param name="Name">The projection.</param>
/// <param name="Generation">The generation that is built.</param>
/// <param name="Events">How many events were taken.</param>
/// <param name="Position">The position up to which they were.</param>
/// <param name="End">The position to which it has to come, as it is now: it moves while others append.</param>
public readonly record struct RebuildProgress(string Name, int Generation, long Events, long Position, long End);
