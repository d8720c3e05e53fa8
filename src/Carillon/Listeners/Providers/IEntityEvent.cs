namespace Carillon.Listeners.Providers;

/// <summary>An event about one entity, whose own methods may be called with it by an <see cref="EntityCallbackProvider"/>.</summary>
public interface IEntityEvent
{
    /// <summary>The entity that the event is about.</summary>
    object Entity { get; }
}
