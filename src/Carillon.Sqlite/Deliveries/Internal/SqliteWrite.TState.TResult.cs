namespace Carillon.Sqlite.Deliveries.Internal;

/// <inheritdoc/>
internal sealed class SqliteWrite<TState, TResult>(TState state, Func<SqliteSession, TState, TResult> execute, Func<TState, string> what)
    : SqliteWrite
{
    // The writer has others to serve: it never runs what its callers do next.
    private readonly TaskCompletionSource<TResult> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private CancellationTokenRegistration _cancellation;
    private TResult _result = default!;

    internal override string What => what(state);

    internal override void Execute(SqliteSession session) => _result = execute(session, state);

    internal override void Complete()
    {
        _cancellation.Unregister();
        _completion.TrySetResult(_result);
    }

    internal override void Fail(Exception exception)
    {
        _cancellation.Unregister();
        _completion.TrySetException(exception);
    }

    internal Task<TResult> WaitAsync(CancellationToken cancellationToken)
    {
        if (cancellationToken.CanBeCanceled)
        {
            _cancellation = cancellationToken.UnsafeRegister(static (write, token) => ((SqliteWrite<TState, TResult>)write!).Cancel(token), this);
        }

        return _completion.Task;
    }

    private void Cancel(CancellationToken cancellationToken)
    {
        if (TryCancel())
        {
            _completion.TrySetCanceled(cancellationToken);
        }
    }
}
