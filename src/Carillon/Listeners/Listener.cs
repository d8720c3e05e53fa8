namespace Carillon.Listeners;

/// <summary>One listener: which events it takes, in which place, and how it is called. Immutable.</summary>
public sealed class Listener
{
    private readonly string[] _before = [];
    private readonly string[] _after = [];

    /// <summary>Describes a listener.</summary>
    /// <param name="id">Its id, unique in the application.</param>
    /// <param name="eventType">The type of its event parameter; events of derived types reach it too.</param>
    /// <param name="invoke">Calls it.</param>
    public Listener(string id, Type eventType, ListenerInvoker invoke)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        ArgumentNullException.ThrowIfNull(eventType);
        ArgumentNullException.ThrowIfNull(invoke);
        Id = id;
        EventType = eventType;
        Invoke = invoke;
    }

    /// <summary>Describes a listener of which the rest was said in options.</summary>
    internal Listener(string id, Type eventType, ListenerInvoker invoke, ListenOptions options)
        : this(id, eventType, invoke)
    {
        Pattern = options.Pattern;
        Delivery = options.Delivery;
        Priority = options.Priority;
        MaxAttempts = options.MaxAttempts;
        Queue = options.Queue;
        Timeout = options.Timeout;
        Transactional = options.Transactional;
        Ordered = options.Ordered;
        SkipsFailed = options.SkipsFailed;
        MaxPerKey = options.MaxPerKey;
        Unique = options.Unique;
        Remember = options.Remember;
        Before = options.Before;
        After = options.After;
        StopPropagation = options.StopPropagation;
        Errors = options.Errors;
    }

    /// <summary>The id, unique in the application. Stored deliveries name their listener by it.</summary>
    public string Id { get; }

    /// <summary>The type of its event parameter.</summary>
    public Type EventType { get; }

    /// <summary>Calls it.</summary>
    public ListenerInvoker Invoke { get; private set; }

    /// <summary>
    /// The name, or the pattern of names, that an event must have: <c>*</c> stands for one segment, <c>#</c> for any number of them. Defaults to null: the type
    /// alone decides. With one, <see cref="EventType"/> is <see cref="NamedEvent"/> or what the event or payload must be.
    /// </summary>
    public string? Pattern { get; init; }

    /// <summary>How events reach it. Defaults to <see cref="Carillon.Delivery.Inline"/>.</summary>
    public Delivery Delivery { get; init; }

    /// <summary>Its place: the highest is called first, equal ones in the order of registration. Defaults to 0.</summary>
    public int Priority { get; init; }

    /// <summary>How often a durable listener is tried; 0, the default, takes the number from the retry options. Any other number is for durable listeners only.</summary>
    public int MaxAttempts { get; init; }

    /// <summary>The queue of a durable listener; null, the default, for the queue "default".</summary>
    public string? Queue { get; init; }

    /// <summary>After which time the token of an attempt is cancelled and the attempt counts as failed; null, the default, takes it from the retry options. For durable listeners only.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Whether the listener's own work in the database and the completion of its delivery are one transaction. Defaults to false. For durable listeners only.</summary>
    public bool Transactional { get; init; }

    /// <summary>Whether events of one key are taken one after the other, in the order in which they were stored. Defaults to false. For durable listeners only.</summary>
    public bool Ordered { get; init; }

    /// <summary>With <see cref="Ordered"/>: whether the events behind one that has failed go on. Defaults to false: they wait until it is retried or discarded.</summary>
    public bool SkipsFailed { get; init; }

    /// <summary>How many events of one key are taken at a time, over all processes; 0, the default, for any number. For durable listeners only, and not with <see cref="Ordered"/>.</summary>
    public int MaxPerKey { get; init; }

    /// <summary>That equal deliveries are not stored beside each other; null, the default, if they may be. For durable listeners only.</summary>
    public ListenerUniqueness? Unique { get; init; }

    /// <summary>How long an event that was completed is recognised and left alone should it come again; null, the default, takes it from the inbox options. For durable listeners only.</summary>
    public TimeSpan? Remember { get; init; }

    /// <summary>
    /// The ids of listeners that it is called before, whatever their priority: it moves up to them. Defaults to none. Heeded by the built-in provider; any
    /// other answers in an order of its own.
    /// </summary>
    public IReadOnlyList<string> Before
    {
        get => _before;
        init => _before = [.. value ?? throw new ArgumentNullException(nameof(value))];
    }

    /// <summary>The ids of listeners that it is called after, whatever their priority: it moves down to them. Defaults to none.</summary>
    public IReadOnlyList<string> After
    {
        get => _after;
        init => _after = [.. value ?? throw new ArgumentNullException(nameof(value))];
    }

    /// <summary>Whether nothing after it takes part once it has succeeded, durable listeners included. Defaults to false. For inline listeners only.</summary>
    public bool StopPropagation { get; init; }

    /// <summary>What becomes of an exception that it throws. Defaults to <see cref="ListenerErrors.Throw"/>. For inline listeners only.</summary>
    public ListenerErrors Errors { get; init; }

    /// <summary>Whether a call must carry an <see cref="EventContext"/>. Defaults to false: none is made for a listener that does not look at it.</summary>
    public bool NeedsContext { get; init; }

    /// <summary>The services without which it cannot be called. The host does not start while one of them is missing.</summary>
    public IReadOnlyList<ListenerDependency> Dependencies { get; init; } = [];

    /// <summary>
    /// Whether it may dispatch further events. Defaults to true: what cannot be known is tracked as a link of the chain. Generated code says false of a
    /// listener that takes nothing by which it could.
    /// </summary>
    public bool CanDispatch { get; init; } = true;

    /// <summary>Whether it names others that it comes before or after.</summary>
    internal bool HasConstraints => _before.Length > 0 || _after.Length > 0;

    /// <summary>Whether it says anything that may turn out to be impossible.</summary>
    internal bool SaysMore => HasConstraints || Pattern is not null || StopPropagation || Errors != ListenerErrors.Throw;

    /// <summary>Whether what it dispatches and leaves is written together with the outcome of its attempt. For listeners of Carillon's own, which are called as they are.</summary>
    internal bool LeavesWithOutcome { get; init; }

    /// <summary>Whether it is called with the delivery itself, and not with the event in it. For listeners of Carillon's own, which are called as they are and in no scope.</summary>
    internal bool TakesDelivery { get; init; }

    /// <summary>
    /// Whether it keeps something of its own with the outcome of its attempt: in the transaction, and with a store that joins none right after it has returned. For methods of sagas.
    /// </summary>
    internal bool KeepsItself { get; private set; }

    /// <summary>Whether it says anything that only a durable listener can.</summary>
    internal bool SaysDurable =>
        MaxAttempts != 0 || Queue is not null || Timeout is not null || Transactional || Ordered || SkipsFailed || MaxPerKey != 0 || Unique is not null || Remember is not null;

    /// <summary>The lambda behind it, by which a second registration of the same one is noticed.</summary>
    internal Delegate? Handler { get; init; }

    /// <summary>The same listener, called in another way.</summary>
    internal Listener With(ListenerInvoker invoke)
    {
        var other = (Listener)MemberwiseClone();
        other.Invoke = invoke;
        return other;
    }

    /// <summary>The same listener, with something of its own that is kept with the outcome.</summary>
    internal Listener Keeping(ListenerInvoker invoke)
    {
        var other = With(invoke);
        other.KeepsItself = true;
        return other;
    }

    /// <summary>The id, for messages and the debugger.</summary>
    public override string ToString() => Id;
}
