namespace Carillon.Listeners;

/// <summary>What can be said of a listener that is registered in code.</summary>
public sealed class ListenOptions
{
    /// <summary>
    /// The name, or the pattern of names, that an event must have: <c>*</c> stands for one segment, <c>#</c> for any number of them. Defaults to null: the type
    /// alone decides.
    /// </summary>
    public string? Pattern { get; set; }

    /// <summary>How events reach it. Defaults to <see cref="Carillon.Delivery.Inline"/>.</summary>
    public Delivery Delivery { get; set; }

    /// <summary>Its place: the highest is called first, equal ones in the order of registration. Defaults to 0.</summary>
    public int Priority { get; set; }

    /// <summary>Its id, unique in the application. Defaults to a made-up one, except for a durable lambda, which must be given one: its deliveries name it.</summary>
    public string? Id { get; set; }

    /// <summary>How often a durable listener is tried; 0, the default, takes the number from the retry options. Any other number is for durable listeners only.</summary>
    public int MaxAttempts { get; set; }

    /// <summary>The queue of a durable listener; null, the default, for the queue "default".</summary>
    public string? Queue { get; set; }

    /// <summary>After which time the token of an attempt is cancelled and the attempt counts as failed; null, the default, takes it from the retry options. For durable listeners only.</summary>
    public TimeSpan? Timeout { get; set; }

    /// <summary>Whether the listener's own work in the database and the completion of its delivery are one transaction. Defaults to false. For durable listeners only.</summary>
    public bool Transactional { get; set; }

    /// <summary>Whether events of one key are taken one after the other, in the order in which they were stored. Defaults to false. For durable listeners only.</summary>
    public bool Ordered { get; set; }

    /// <summary>With <see cref="Ordered"/>: whether the events behind one that has failed go on. Defaults to false: they wait until it is retried or discarded.</summary>
    public bool SkipsFailed { get; set; }

    /// <summary>How many events of one key are taken at a time, over all processes; 0, the default, for any number. For durable listeners only, and not with <see cref="Ordered"/>.</summary>
    public int MaxPerKey { get; set; }

    /// <summary>That equal deliveries are not stored beside each other; null, the default, if they may be. For durable listeners only.</summary>
    public ListenerUniqueness? Unique { get; set; }

    /// <summary>How long an event that was completed is recognised and left alone should it come again; null, the default, takes it from the inbox options. For durable listeners only.</summary>
    public TimeSpan? Remember { get; set; }

    /// <summary>The ids of listeners that it is called before, whatever their priority. Defaults to none.</summary>
    public IReadOnlyList<string> Before { get; set; } = [];

    /// <summary>The ids of listeners that it is called after, whatever their priority. Defaults to none.</summary>
    public IReadOnlyList<string> After { get; set; } = [];

    /// <summary>Whether nothing after it takes part once it has succeeded. Defaults to false. For inline listeners only.</summary>
    public bool StopPropagation { get; set; }

    /// <summary>What becomes of an exception that it throws. Defaults to <see cref="ListenerErrors.Throw"/>. For inline listeners only.</summary>
    public ListenerErrors Errors { get; set; }
}
