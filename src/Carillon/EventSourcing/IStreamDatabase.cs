namespace Carillon.EventSourcing;

/// <summary>What a delivery store implements whose database keeps streams of events too, so that both are written in one transaction.</summary>
public interface IStreamDatabase
{
    /// <summary>The streams.</summary>
    IStreamStore Streams { get; }

    /// <summary>How far projections have come.</summary>
    IProjectionStore Projections { get; }
}
