namespace Carillon;

/// <summary>Says which entries of caches an event makes stale: those with a tag that is made of its properties.</summary>
/// <remarks>
/// The entries go after the commit of the transaction in which the event was dispatched, and at once without one; never before it, and never on a rollback. A template that names a property
/// which the event does not have does not compile.
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class InvalidatesCacheAttribute : Attribute
{
    /// <summary>Says which entries of caches the event makes stale.</summary>
    /// <param name="tag">
    /// The tag, with properties of the event in braces: <c>"poll:{PollId}"</c>, <c>"customer:{Customer.Id}:orders"</c>. Values are encoded, so that none of them can name another tag.
    /// </param>
    public InvalidatesCacheAttribute(string tag) => Tag = tag;

    /// <summary>The tag, with properties of the event in braces.</summary>
    public string Tag { get; }

    /// <summary>
    /// Whether it is done by a durable listener: for a cache that other processes share and that outlives this one. Defaults to false: it is done in this process right after the commit, and lost if
    /// the process dies in between.
    /// </summary>
    public bool Durable { get; set; }
}
