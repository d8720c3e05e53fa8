using Carillon.Listeners;
using Carillon.Listeners.Internal;

namespace Carillon.Dispatch.Internal;

/// <summary>An event whose listeners may dispatch further ones; one object for all dispatches of its plan.</summary>
internal sealed class ChainLink(string eventName, Listener[] listeners)
{
    private const int MostListeners = 3;

    /// <summary>The event and who may have dispatched the next one, for the error.</summary>
    public override string ToString()
    {
        var suspects = listeners.Where(listener => listener.CanDispatch && (listener.Delivery == Delivery.Inline || listener.Delivery.IsPhase())).Select(listener => listener.Id).ToList();
        return suspects.Count switch
        {
            0 => eventName,
            <= MostListeners => $"{eventName} ({string.Join(", ", suspects)})",
            _ => $"{eventName} ({string.Join(", ", suspects.Take(MostListeners))}, ...)",
        };
    }
}
