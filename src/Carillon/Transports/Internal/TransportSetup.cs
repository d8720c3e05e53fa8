using Carillon.Events;
using Carillon.Listeners;
using Carillon.Names.Internal;

namespace Carillon.Transports.Internal;

/// <summary>What the application has said of events that leave and arrive.</summary>
internal sealed class TransportSetup
{
    private readonly Dictionary<Type, PublishOptions> _types = [];
    private readonly List<(string Pattern, PublishOptions Options)> _patterns = [];

    /// <summary>What is wanted from elsewhere, in the order in which it was said.</summary>
    internal List<(string Pattern, SubscriptionOptions Options)> Subscriptions { get; } = [];

    internal IEnumerable<string> Patterns => _patterns.Select(static each => each.Pattern);

    internal void Publish(Type type, PublishOptions options) => _types[type] = options;

    internal void Publish(string pattern, PublishOptions options) => _patterns.Add((pattern, options));

    /// <summary>What takes the event out; null if it does not leave.</summary>
    internal Listener? FindPublisher(EventType eventType)
    {
        // What an event says of itself leaves the order open; whoever names it says it.
        if (_types.TryGetValue(eventType.Type, out var options))
        {
            return Publisher.For(options);
        }

        foreach (var (pattern, all) in _patterns)
        {
            if (NamePattern.Matches(pattern, eventType.Name) && !Listeners.Internal.Listeners.IsOfTheHost(eventType.Type) && !typeof(IJob).IsAssignableFrom(eventType.Type))
            {
                return Publisher.For(all);
            }
        }

        return eventType.Leaves ? Publisher.Unordered : null;
    }

    /// <summary>Whether something is received under the name.</summary>
    internal bool Receives(string eventName) => Subscriptions.Exists(each => NamePattern.Fault(each.Pattern) is null && NamePattern.Matches(each.Pattern, eventName));
}
