namespace Carillon.EventSourcing;

/// <summary>What a generation of a projection is for.</summary>
public enum ProjectionRole
{
    /// <summary>It is built beside the one that is read.</summary>
    Building,

    /// <summary>It is the one that is read.</summary>
    Live,

    /// <summary>It was read until another one took its place, or was given up while it was built: what it has written may be removed.</summary>
    Retired,
}
