namespace Carillon.Postgres.Deliveries.Internal;

/// <summary>Commands with their parameters, to be used again: there are some thirty objects in one.</summary>
/// <threadsafety>Safe for concurrent use.</threadsafety>
internal sealed class CommandPool<TCommand>(Func<TCommand> create)
    where TCommand : class
{
    private const int MaxIdle = 16;

    private readonly Stack<TCommand> _idle = new();
    private readonly Lock _gate = new();

    internal TCommand Rent()
    {
        lock (_gate)
        {
            if (_idle.TryPop(out var command))
            {
                return command;
            }
        }

        return create();
    }

    /// <summary>Only of one that went well: what failed may be half-way through anything.</summary>
    internal void Return(TCommand command)
    {
        lock (_gate)
        {
            if (_idle.Count < MaxIdle)
            {
                _idle.Push(command);
            }
        }
    }
}
