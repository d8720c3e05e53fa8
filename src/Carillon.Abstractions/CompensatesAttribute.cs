namespace Carillon;

/// <summary>Makes a method of a saga the one that undoes another: it is called when the saga is compensated, if that other one has succeeded.</summary>
/// <remarks>
/// Its first parameter is the compensation, which says why; every further one is a dependency, as of a method with <see cref="OnEventAttribute"/>. What has succeeded is undone in reverse
/// order, one step after the other, each in an attempt of its own that is tried again as every durable listener is. Make it bear to be called for what was never quite done.
/// </remarks>
[AttributeUsage(AttributeTargets.Method, Inherited = false)]
public sealed class CompensatesAttribute : Attribute
{
    /// <summary>Makes a method the one that undoes another.</summary>
    /// <param name="step">The name of the method of the same saga that it undoes: <c>nameof(Reserve)</c>.</param>
    public CompensatesAttribute(string step) => Step = step;

    /// <summary>The name of the method that it undoes.</summary>
    public string Step { get; }

    /// <summary>The id of this listener, unique in the application. Defaults to the type and the method, <c>OrderProcess.Release</c>. Stored deliveries and sagas name it.</summary>
    public string? Id { get; set; }

    /// <summary>How often it is tried before its delivery is kept as failed. 0, the default, takes the number from the retry options.</summary>
    public int MaxAttempts { get; set; }

    /// <summary>The queue: a lane of its own, with its own number of listeners at a time. Defaults to null: the queue "default".</summary>
    public string? Queue { get; set; }

    /// <summary>After how many seconds the token of an attempt is cancelled and the attempt counts as failed. 0, the default, takes the time-out from the retry options.</summary>
    public int TimeoutSeconds { get; set; }
}
