namespace Carillon.Dispatch;

/// <summary>Listeners dispatch events whose listeners dispatch events, and so on without end, as it seems. The last one of the chain was not dispatched.</summary>
public sealed class EventChainTooDeepException : CarillonException
{
    internal EventChainTooDeepException(int limit, IReadOnlyList<string> chain)
        : base($"Events were dispatched inside the listeners of other events, {chain.Count} deep; the limit is {limit}. The chain: {string.Join(" -> ", chain)}. "
            + "End the circle in one of these listeners, or raise DispatchOptions.MaxChainDepth in ConfigureDispatch.") =>
        Chain = chain;

    internal EventChainTooDeepException(string message)
        : base(message) =>
        Chain = [];

    /// <summary>
    /// The names of the events, the outermost first, each with those of its listeners that may have dispatched the next one.
    /// </summary>
    public IReadOnlyList<string> Chain { get; }
}
