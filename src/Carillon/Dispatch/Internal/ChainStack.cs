namespace Carillon.Dispatch.Internal;

/// <summary>
/// The dispatches that are under way in one scope, as deep as it can tell them apart for nothing: each one that begins is on top of those that have not
/// ended.
/// </summary>
/// <remarks>
/// That is a chain only as long as each of them waits for the next. Dispatches that one flow of work starts side by side look like a chain as well; so the
/// stack is short, and what does not fit is followed exactly, by <see cref="ChainFlow"/>. Two threads at once, which a scope is not made for, at worst make it
/// seem full.
/// </remarks>
internal struct ChainStack
{
    private const int FirstLength = 4;

    private ChainLink[]? _links;
    private int _count;
    private bool _isClosed;

    /// <summary>How many links count towards the depth of what is followed exactly.</summary>
    internal readonly int CountBelow(int bound) => _isClosed ? 0 : Math.Clamp(_count, 0, bound);

    /// <summary>From now on everything is followed exactly: the scope belongs to a chain that began elsewhere.</summary>
    internal void Close() => _isClosed = true;

    /// <summary>False if the stack is full.</summary>
    internal bool TryPush(ChainLink link, int bound)
    {
        var count = _count;
        if ((uint)count >= (uint)bound || _isClosed)
        {
            return false;
        }

        var links = _links;
        if (links is null || count >= links.Length)
        {
            links = Grow();
        }

        links[count] = link;
        _count = count + 1;
        return true;
    }

    internal void Pop() => _count--;

    internal readonly void CopyTo(List<string> chain, int bound)
    {
        for (var index = 0; index < CountBelow(bound); index++)
        {
            chain.Add(_links![index].ToString());
        }
    }

    private ChainLink[] Grow()
    {
        Array.Resize(ref _links, _links is null ? FirstLength : _links.Length * 2);
        return _links;
    }
}
