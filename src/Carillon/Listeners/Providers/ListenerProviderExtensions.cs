namespace Carillon.Listeners.Providers;

/// <summary>What can be asked of any provider.</summary>
public static class ListenerProviderExtensions
{
    /// <summary>The provider as a registry, to add listeners to it.</summary>
    /// <exception cref="CarillonException">It takes none.</exception>
    public static IListenerRegistry AsRegistry(this IListenerProvider provider)
    {
        ArgumentNullException.ThrowIfNull(provider);
        return provider as IListenerRegistry ?? throw new CarillonException(
            $"A listener was to be added to a '{provider.GetType()}', which takes none: it only says which listeners there are. Add it in AddCarillon, to the "
            + "IListenerRegistry of the services, or to the ListenerCollection from which the provider is made.");
    }
}
