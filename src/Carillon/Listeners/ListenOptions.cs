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

    /// <summary>How often a durable listener is tried; 0, the default, takes the number from the retry options.</summary>
    public int MaxAttempts { get; set; }

    /// <summary>The ids of listeners that it is called before, whatever their priority. Defaults to none.</summary>
    public IReadOnlyList<string> Before { get; set; } = [];

    /// <summary>The ids of listeners that it is called after, whatever their priority. Defaults to none.</summary>
    public IReadOnlyList<string> After { get; set; } = [];

    /// <summary>Whether nothing after it takes part once it has succeeded. Defaults to false. For inline listeners only.</summary>
    public bool StopPropagation { get; set; }

    /// <summary>What becomes of an exception that it throws. Defaults to <see cref="ListenerErrors.Throw"/>. For inline listeners only.</summary>
    public ListenerErrors Errors { get; set; }
}
