namespace Carillon.Dispatch.Internal;

/// <summary>Knows the container outside of every scope. The container hands it to singletons, and to scoped services that a singleton takes in.</summary>
internal sealed class RootServices(IServiceProvider root)
{
    internal void RefuseIfRoot(IServiceProvider services)
    {
        if (ReferenceEquals(root, services))
        {
            throw new CarillonException(
                "IEventDispatcher was taken from the root container, most likely by a singleton. It belongs to a scope, since its listeners do. "
                + "Take IEventDispatcherFactory instead and call DispatchInNewScopeAsync, or open a scope.");
        }
    }
}
