namespace Carillon.Caching;

/// <summary>That an event makes entries of caches stale. Generated code makes it. Immutable.</summary>
/// <param name="eventType">The event; those of derived types are among them.</param>
/// <param name="template">The tag as it was written, for messages and ids.</param>
/// <param name="tag">Makes the tag of an event; null for a template that cannot be, see <see cref="Fault"/>.</param>
public sealed class CacheInvalidation(Type eventType, string template, Func<object, string>? tag)
{
    /// <summary>The event.</summary>
    public Type EventType { get; } = eventType;

    /// <summary>The tag as it was written.</summary>
    public string Template { get; } = template;

    /// <summary>Makes the tag of an event.</summary>
    public Func<object, string>? Tag { get; } = tag;

    /// <summary>Whether it is done by a durable listener. Defaults to false: right after the commit.</summary>
    public bool Durable { get; init; }

    /// <summary>Whether it was said where the application is put together. An event that says so of itself may be one of many applications, of which some have no cache.</summary>
    internal bool WantsCache { get; init; }

    /// <summary>What is wrong with the template; the host does not start then. Null, the default, if nothing is.</summary>
    public string? Fault { get; init; }
}
