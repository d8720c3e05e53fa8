namespace Carillon.Background.Internal;

/// <summary>A number of places that are taken several at a time: all that somebody asks for, or none. Whoever waits for some is served in turn.</summary>
/// <remarks>One by one, two who wait could each hold what the other one waits for.</remarks>
internal sealed class Places(int count)
{
    private readonly Lock _gate = new();
    private readonly LinkedList<Waiter> _line = new();
    private int _taken;

    /// <summary>How many are taken.</summary>
    internal int Taken
    {
        get
        {
            lock (_gate)
            {
                return _taken;
            }
        }
    }

    /// <summary>Takes as many at once, unless they are not free or somebody waits already.</summary>
    internal bool TryTake(int wanted)
    {
        lock (_gate)
        {
            if (_line.Count > 0 || wanted > count - _taken)
            {
                return false;
            }

            _taken += wanted;
            return true;
        }
    }

    /// <summary>Takes as many as soon as they are free; no more than there are.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled before; none is taken.</exception>
    internal async Task TakeAsync(int wanted, CancellationToken cancellationToken)
    {
        var waiter = new Waiter(wanted);
        lock (_gate)
        {
            _line.AddLast(waiter.Place);
            Serve();
        }

        try
        {
            await waiter.Served.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (Leave(waiter))
        {
            throw;
        }
    }

    internal void Free(int places)
    {
        lock (_gate)
        {
            _taken -= places;
            Serve();
        }
    }

    // False for one that was served in the same moment, and so has what it has waited for.
    private bool Leave(Waiter waiter)
    {
        lock (_gate)
        {
            if (waiter.Place.List is null)
            {
                return false;
            }

            _line.Remove(waiter.Place);
            Serve();
            return true;
        }
    }

    private void Serve()
    {
        while (_line.First is { Value: var first } && first.Wanted <= count - _taken)
        {
            _taken += first.Wanted;
            _line.RemoveFirst();
            first.Served.SetResult();
        }
    }

    private sealed class Waiter
    {
        internal Waiter(int wanted)
        {
            Wanted = wanted;
            Place = new LinkedListNode<Waiter>(this);
        }

        internal int Wanted { get; }

        internal LinkedListNode<Waiter> Place { get; }

        // Whoever frees a place does not run what goes on there.
        internal TaskCompletionSource Served { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
