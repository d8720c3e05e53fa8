using Carillon.Listeners;

namespace Carillon.Jobs;

/// <summary>What can be said of a handler of jobs that is registered in code.</summary>
public sealed class JobOptions
{
    /// <summary>Its id, unique in the application; stored jobs name it. Defaults to the name of the job.</summary>
    public string? Id { get; set; }

    /// <summary>The queue. Defaults to null: the queue "default".</summary>
    public string? Queue { get; set; }

    /// <summary>How often a job is tried; 0, the default, takes the number from the retry options.</summary>
    public int MaxAttempts { get; set; }

    /// <summary>After which time the token of an attempt is cancelled and the attempt counts as failed; null, the default, takes it from the retry options.</summary>
    public TimeSpan? Timeout { get; set; }

    /// <summary>Whether the handler's own work in the database and the completion of the job are one transaction. Defaults to false.</summary>
    public bool Transactional { get; set; }

    /// <summary>Whether jobs of one key are done one after the other, in the order in which they were stored. Defaults to false.</summary>
    public bool Ordered { get; set; }

    /// <summary>With <see cref="Ordered"/>: whether the jobs behind one that has failed go on. Defaults to false: they wait until it is retried or discarded.</summary>
    public bool SkipsFailed { get; set; }

    /// <summary>How many jobs of one key are done at a time; 0, the default, for any number. Not with <see cref="Ordered"/>.</summary>
    public int MaxPerKey { get; set; }

    /// <summary>That equal jobs are not stored beside each other; null, the default, if they may be.</summary>
    public ListenerUniqueness? Unique { get; set; }

    /// <summary>How long a job that was completed is recognised and left alone should it come again; null, the default, takes it from the inbox options.</summary>
    public TimeSpan? Remember { get; set; }

    internal ListenOptions ToListenOptions(string id) => new()
    {
        Id = Id ?? id,
        Delivery = Delivery.Durable,
        Queue = Queue,
        MaxAttempts = MaxAttempts,
        Timeout = Timeout,
        Transactional = Transactional,
        Ordered = Ordered,
        SkipsFailed = SkipsFailed,
        MaxPerKey = MaxPerKey,
        Unique = Unique,
        Remember = Remember,
    };
}
