namespace Carillon.Dispatch.Internal;

/// <summary>A dispatch that is followed through asynchronous code, with the one inside whose listener it was made.</summary>
internal sealed class FlowLink
{
    private readonly FlowLink? _parent;
    private readonly ChainLink _link;

    /// <param name="parent">The dispatch around it.</param>
    /// <param name="link">What it dispatches.</param>
    internal FlowLink(FlowLink? parent, ChainLink link)
    {
        _parent = parent;
        _link = link;
        Depth = (parent?.Depth ?? 0) + 1;
    }

    internal int Depth { get; }

    internal bool HasEnded { get; set; }

    /// <summary>Itself or the nearest one around it that has not ended: what a listener leaves running behind it, like a timer, is no part of the chain.</summary>
    internal static FlowLink? Running(FlowLink? link)
    {
        while (link is { HasEnded: true })
        {
            link = link._parent;
        }

        return link;
    }

    internal void CopyTo(List<string> chain)
    {
        var first = chain.Count;
        for (var link = this; link is not null; link = link._parent)
        {
            chain.Insert(first, link._link.ToString());
        }
    }
}
