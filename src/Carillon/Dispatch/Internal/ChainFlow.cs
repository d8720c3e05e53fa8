namespace Carillon.Dispatch.Internal;

/// <summary>Follows chains of dispatches through asynchronous code and into other scopes. It costs an allocation or two, and so begins where a chain is deep.</summary>
internal sealed class ChainFlow
{
    // A chain that is deeper than this has more to do than to allocate a link.
    private const int LongestStack = 16;

    private static readonly AsyncLocal<FlowLink?> Current = new();

    private readonly int _limit;

    internal ChainFlow(DispatchOptions options)
    {
        _limit = options.MaxChainDepth;
        StackLength = Math.Min(LongestStack, _limit / 2);
    }

    /// <summary>How many links of a scope are not followed but stacked.</summary>
    internal int StackLength { get; }

    /// <summary>Makes a dispatch a link until it has ended. Call it in an asynchronous method, which gives its caller back what was there before.</summary>
    internal FlowLink Enter(ChainLink chainLink, EventDispatcher dispatcher)
    {
        var parent = FlowLink.Running(Current.Value);
        var below = dispatcher.Chain.CountBelow(StackLength);
        var link = new FlowLink(parent, chainLink);
        if (below + link.Depth > _limit)
        {
            var chain = new List<string>();
            dispatcher.Chain.CopyTo(chain, StackLength);
            link.CopyTo(chain);
            throw new EventChainTooDeepException(_limit, chain);
        }

        Current.Value = link;
        return link;
    }
}
