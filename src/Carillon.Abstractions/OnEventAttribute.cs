namespace Carillon;

/// <summary>Makes a method a listener: it is called with each event that its first parameter can take.</summary>
/// <remarks>
/// <para>
/// The first parameter is the event: a class, a base class, an interface or a struct. Every further parameter is a dependency, taken
/// from the container, except <see cref="CancellationToken"/> and the event context, which come from the dispatch. The method returns
/// nothing, a task, or a value, which a plain dispatch ignores.
/// </para>
/// <para>The source generator of the Carillon package finds the method at compile time; nothing is scanned at run time.</para>
/// </remarks>
[AttributeUsage(AttributeTargets.Method, Inherited = false)]
public sealed class OnEventAttribute : Attribute
{
    /// <summary>Makes a method a listener.</summary>
    /// <param name="delivery">How the event reaches it. Defaults to <see cref="Delivery.Inline"/>.</param>
    public OnEventAttribute(Delivery delivery = Delivery.Inline) => Delivery = delivery;

    /// <summary>Makes a method a listener by name.</summary>
    /// <param name="pattern">
    /// The name of an event, <c>user.created</c>, or a pattern of names: <c>*</c> stands for one segment, <c>#</c> for any number of them. The first parameter is
    /// the named event, or what the event or its payload must be: others are left out.
    /// </param>
    /// <param name="delivery">How the event reaches it. Defaults to <see cref="Delivery.Inline"/>.</param>
    public OnEventAttribute(string pattern, Delivery delivery = Delivery.Inline)
    {
        Pattern = pattern;
        Delivery = delivery;
    }

    /// <summary>The name, or the pattern of names, that an event must have; null if the type alone decides.</summary>
    public string? Pattern { get; }

    /// <summary>How the event reaches this listener.</summary>
    public Delivery Delivery { get; }

    /// <summary>The place of this listener: the highest priority is called first, equal ones in the order of registration. Defaults to 0.</summary>
    /// <seealso cref="EventPriority"/>
    public int Priority { get; set; }

    /// <summary>
    /// The id of this listener, unique in the application. Defaults to the type and the method, <c>PollListeners.Sitemap</c>. Stored deliveries
    /// name their listener by it: give a durable listener an id of its own before you rename its method.
    /// </summary>
    public string? Id { get; set; }

    /// <summary>
    /// How often a durable listener is tried before its delivery is kept as failed. 0, the default, takes the number from the retry options.
    /// Any other number is for durable listeners only.
    /// </summary>
    public int MaxAttempts { get; set; }

    /// <summary>The queue of a durable listener: a lane of its own, with its own number of listeners at a time. Defaults to null: the queue "default".</summary>
    public string? Queue { get; set; }

    /// <summary>
    /// After how many seconds the token of an attempt of a durable listener is cancelled and the attempt counts as failed. 0, the default, takes the time-out from
    /// the retry options.
    /// </summary>
    public int TimeoutSeconds { get; set; }

    /// <summary>
    /// Whether a durable listener's own work in the database and the completion of its delivery are one transaction, which the listener takes as a parameter:
    /// done once, or not at all. Defaults to false: it runs at least once. Wants a store in a database.
    /// </summary>
    public bool Transactional { get; set; }

    /// <summary>
    /// Whether a durable listener takes the events of one key (<see cref="IKeyedEvent"/>) one after the other, in the order in which they were stored, through retries
    /// and failures: those behind one that has failed wait until somebody retries or discards it. Defaults to false. An event without a key is refused at its dispatch: an order without a key is no order.
    /// </summary>
    public bool Ordered { get; set; }

    /// <summary>With <see cref="Ordered"/>: whether the events behind one that has failed go on. Defaults to false: they wait.</summary>
    public bool SkipsFailed { get; set; }

    /// <summary>How many events of one key a durable listener takes at a time, over all processes. 0, the default, for any number. Not with <see cref="Ordered"/>, which is one at a time.</summary>
    public int MaxPerKey { get; set; }

    /// <summary>
    /// For how many seconds a durable listener recognises an event that it has completed, and leaves it alone should it come again. 0, the default, takes the
    /// time from the inbox options. Not with <see cref="Transactional"/>, which needs none.
    /// </summary>
    public int RememberSeconds { get; set; }

    /// <summary>
    /// The ids of listeners that this one is called before, whatever their priority: it moves up to them. Defaults to none. An id that no listener
    /// has stops the start of the host; one whose listener does not take the same event has no effect there.
    /// </summary>
#pragma warning disable CA1819 // An attribute takes nothing but an array.
    public string[] Before { get; set; } = [];

    /// <summary>The ids of listeners that this one is called after, whatever their priority: it moves down to them. Defaults to none.</summary>
    public string[] After { get; set; } = [];
#pragma warning restore CA1819

    /// <summary>
    /// Whether the event is finished once this inline listener has succeeded: nothing after it takes part, durable listeners included. Defaults to false.
    /// </summary>
    public bool StopPropagation { get; set; }

    /// <summary>What becomes of an exception that this inline listener throws. Defaults to <see cref="ListenerErrors.Throw"/>.</summary>
    public ListenerErrors Errors { get; set; }
}
