namespace Carillon;

/// <summary>What happens to one event more when a bounded buffer is full.</summary>
public enum WhenFull
{
    /// <summary>The dispatch waits until there is room, or until its token is cancelled: nothing is lost, and the emitter goes no faster than the reader.</summary>
    Wait = 0,

    /// <summary>What has waited longest is dropped.</summary>
    DropOldest = 1,

    /// <summary>The event that has just come is dropped.</summary>
    DropNewest = 2,

    /// <summary>It is an error: of the reader where events are read as a stream, of the dispatch where listeners run in the background.</summary>
    Fail = 3,
}
