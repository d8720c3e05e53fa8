namespace Carillon.Inbox;

/// <summary>How duplicates are recognised.</summary>
public sealed class InboxOptions
{
    /// <summary>
    /// How long each durable listener recognises an event that it has completed, and leaves it alone should it come again; a listener can have a time of its
    /// own. Null, the default: it does not. Transactional listeners need none.
    /// </summary>
    public TimeSpan? Remember { get; set; }
}
