namespace Carillon;

/// <summary>Makes a method the handler of a job: it is called with each job of exactly the type of its first parameter. There is one handler for each type.</summary>
/// <remarks>
/// Parameters, result and discovery are those of a method with <see cref="OnEventAttribute"/>. A job is always stored and runs by itself, so that what is said of
/// durable listeners is said here; <see cref="UniqueAttribute"/> goes with it too.
/// </remarks>
[AttributeUsage(AttributeTargets.Method, Inherited = false)]
public sealed class OnJobAttribute : Attribute
{
    /// <summary>
    /// The id of this handler, unique in the application among listeners and handlers. Defaults to the type and the method, <c>ReportJobs.Build</c>. Stored jobs name
    /// their handler by it: give it an id of its own before you rename the method.
    /// </summary>
    public string? Id { get; set; }

    /// <summary>How often the job is tried before it is kept as failed. 0, the default, takes the number from the retry options.</summary>
    public int MaxAttempts { get; set; }

    /// <summary>The queue: a lane of its own, with its own number of jobs at a time. Defaults to null: the queue "default".</summary>
    public string? Queue { get; set; }

    /// <summary>After how many seconds the token of an attempt is cancelled and the attempt counts as failed. 0, the default, takes the time-out from the retry options.</summary>
    public int TimeoutSeconds { get; set; }

    /// <summary>
    /// Whether the handler's own work in the database and the completion of the job are one transaction, which the handler takes as a parameter: done once, or not at
    /// all. Defaults to false: it runs at least once. Wants a store in a database.
    /// </summary>
    public bool Transactional { get; set; }

    /// <summary>
    /// Whether jobs of one key (<see cref="IKeyedEvent"/>) are done one after the other, in the order in which they were stored, through retries and failures.
    /// Defaults to false.
    /// </summary>
    public bool Ordered { get; set; }

    /// <summary>With <see cref="Ordered"/>: whether the jobs behind one that has failed go on. Defaults to false: they wait.</summary>
    public bool SkipsFailed { get; set; }

    /// <summary>How many jobs of one key are done at a time, over all processes. 0, the default, for any number. Not with <see cref="Ordered"/>, which is one at a time.</summary>
    public int MaxPerKey { get; set; }

    /// <summary>
    /// For how many seconds a job that was completed is recognised, and left alone should it come again. 0, the default, takes the time from the inbox options. Not
    /// with <see cref="Transactional"/>, which needs none.
    /// </summary>
    public int RememberSeconds { get; set; }
}
