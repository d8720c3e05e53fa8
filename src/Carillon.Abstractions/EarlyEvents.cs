namespace Carillon;

/// <summary>What becomes of an event that finds no saga.</summary>
public enum EarlyEvents
{
    /// <summary>It comes again, as after a failed attempt, until the saga is there; after the last attempt it is kept as failed, with the reason.</summary>
    Wait,

    /// <summary>It is ignored, counted and logged.</summary>
    Ignore,
}
