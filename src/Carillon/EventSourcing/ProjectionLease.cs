namespace Carillon.EventSourcing;

/// <summary>The right to run one generation of a projection.</summary>
/// <param name="Name">The projection.</param>
/// <param name="Generation">The generation.</param>
/// <param name="Token">Raised by every lease; only the holder of the latest may write.</param>
/// <param name="Position">Where it goes on.</param>
public sealed record ProjectionLease(string Name, int Generation, long Token, long Position);
