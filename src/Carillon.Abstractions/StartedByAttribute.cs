namespace Carillon;

/// <summary>Makes a method of a saga one that begins it: with the first such event of a key the saga comes into being.</summary>
/// <remarks>
/// <para>
/// Parameters, result and discovery are those of a method with <see cref="OnEventAttribute"/>, and a method of a saga is always durable. A saga may be begun by several events,
/// whichever comes first; the others find it there and join it. Each of these methods runs once in the life of a saga: the same one a second time is ignored, counted and logged.
/// </para>
/// </remarks>
[AttributeUsage(AttributeTargets.Method, Inherited = false)]
public sealed class StartedByAttribute : Attribute
{
    /// <summary>
    /// The id of this listener, unique in the application. Defaults to the type and the method, <c>OrderProcess.Reserve</c>. Stored deliveries and sagas name it: give it an id of its own
    /// before you rename the method.
    /// </summary>
    public string? Id { get; set; }

    /// <summary>How often it is tried before its delivery is kept as failed. 0, the default, takes the number from the retry options.</summary>
    public int MaxAttempts { get; set; }

    /// <summary>The queue: a lane of its own, with its own number of listeners at a time. Defaults to null: the queue "default".</summary>
    public string? Queue { get; set; }

    /// <summary>After how many seconds the token of an attempt is cancelled and the attempt counts as failed. 0, the default, takes the time-out from the retry options.</summary>
    public int TimeoutSeconds { get; set; }
}
