namespace Carillon.EventSourcing;

/// <summary>In which order events are read.</summary>
public enum ReadDirection
{
    /// <summary>From the oldest to the newest.</summary>
    Forwards,

    /// <summary>From the newest to the oldest.</summary>
    Backwards,
}
