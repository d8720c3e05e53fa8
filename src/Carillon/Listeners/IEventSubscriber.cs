namespace Carillon.Listeners;

/// <summary>A class that says in one place what it listens to, in code or as a map. Add it with <see cref="CarillonBuilder.AddSubscriber{TSubscriber}"/>.</summary>
/// <typeparam name="TSelf">The class itself.</typeparam>
/// <remarks>
/// Implement one of the two members. Both are static: what a class listens to is known before there is an instance of it, and all its methods are called
/// on the instance that the scope of the dispatch has, by the lifetime with which the class is registered.
/// </remarks>
public interface IEventSubscriber<TSelf>
    where TSelf : class, IEventSubscriber<TSelf>
{
    /// <summary>The subscriptions as a map. Empty unless implemented.</summary>
    static virtual IEnumerable<Subscription<TSelf>> Subscriptions => [];

    /// <summary>Adds the subscriptions in code. Adds those of <see cref="Subscriptions"/> unless implemented.</summary>
    /// <param name="subscriptions">Takes them.</param>
    static virtual void Subscribe(Subscriptions<TSelf> subscriptions)
    {
        ArgumentNullException.ThrowIfNull(subscriptions);
        foreach (var subscription in TSelf.Subscriptions)
        {
            subscriptions.Add(subscription);
        }
    }
}
