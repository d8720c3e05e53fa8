using System.Diagnostics;
using Carillon.Listeners;

namespace Carillon.Background.Internal;

/// <summary>One event for one background listener.</summary>
internal sealed class BackgroundCall(Listener listener, object @event, string eventName, Guid eventId)
{
    internal Listener Listener => listener;

    internal object Event => @event;

    internal string EventName => eventName;

    /// <summary>The id of the event, the same for all its listeners.</summary>
    internal Guid EventId => eventId;

    /// <summary>The span in which the event was dispatched.</summary>
    internal ActivityContext Cause { get; } = Activity.Current?.Context ?? default;

    /// <summary>Whether it takes one of the places of the queue.</summary>
    internal bool HasPlace { get; set; }

    /// <summary>Whether it needs none.</summary>
    internal bool ComesOnTop { get; set; }
}
