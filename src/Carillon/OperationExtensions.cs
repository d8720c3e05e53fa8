using Carillon.Events.Internal;
using Carillon.Operations;

namespace Carillon;

/// <summary>Runs work between two events: those who listen before it may change or refuse it, those who listen after it learn what came out.</summary>
/// <remarks>
/// What the work, or a listener, throws reaches the caller unchanged. Work that failed has no event after it; a listener that fails before it keeps it
/// from running; one that fails after it does not undo it.
/// </remarks>
public static class OperationExtensions
{
    /// <summary>Runs an operation: <see cref="Before{TOperation}"/>, the work, <see cref="After{TOperation, TResult}"/>.</summary>
    /// <typeparam name="TOperation">What describes the operation.</typeparam>
    /// <typeparam name="TResult">What comes out.</typeparam>
    /// <param name="dispatcher">The dispatcher of the current scope.</param>
    /// <param name="operation">The operation.</param>
    /// <param name="work">Does it. Takes the operation as the listeners have left it.</param>
    /// <param name="cancellationToken">Handed to every inline listener and to the work.</param>
    /// <returns>What came out of the work.</returns>
    /// <exception cref="OperationVetoedException">A listener has refused the operation.</exception>
    public static async ValueTask<TResult> RunAsync<TOperation, TResult>(
        this IEventDispatcher dispatcher,
        TOperation operation,
        Func<TOperation, CancellationToken, ValueTask<TResult>> work,
        CancellationToken cancellationToken = default)
        where TOperation : notnull =>
        (await TryRunAsync(dispatcher, operation, work, cancellationToken).ConfigureAwait(false)).Result;

    /// <summary>Runs an operation that gives nothing back.</summary>
    /// <inheritdoc cref="RunAsync{TOperation, TResult}(IEventDispatcher, TOperation, Func{TOperation, CancellationToken, ValueTask{TResult}}, CancellationToken)"/>
    public static async ValueTask RunAsync<TOperation>(
        this IEventDispatcher dispatcher, TOperation operation, Func<TOperation, CancellationToken, ValueTask> work, CancellationToken cancellationToken = default)
        where TOperation : notnull
    {
        ArgumentNullException.ThrowIfNull(work);
        await RunAsync(dispatcher, operation, WithoutResult(work), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Runs an operation by its name: <c>user.create.before</c>, the work, <c>user.create.after</c>.</summary>
    /// <typeparam name="TPayload">What belongs to the operation.</typeparam>
    /// <typeparam name="TResult">What comes out.</typeparam>
    /// <param name="dispatcher">The dispatcher of the current scope.</param>
    /// <param name="name">The name of the operation, <c>user.create</c>.</param>
    /// <param name="payload">What belongs to it. Listeners receive it in a <see cref="Before{TOperation}"/> and in an <see cref="After{TOperation, TResult}"/>.</param>
    /// <param name="work">Does it. Takes the payload as the listeners have left it.</param>
    /// <param name="cancellationToken">Handed to every inline listener and to the work.</param>
    /// <returns>What came out of the work.</returns>
    /// <exception cref="ArgumentException">The name is empty, too long, or a pattern.</exception>
    /// <exception cref="OperationVetoedException">A listener has refused the operation.</exception>
    public static async ValueTask<TResult> RunAsync<TPayload, TResult>(
        this IEventDispatcher dispatcher,
        string name,
        TPayload payload,
        Func<TPayload, CancellationToken, ValueTask<TResult>> work,
        CancellationToken cancellationToken = default) =>
        (await TryRunAsync(dispatcher, name, payload, work, cancellationToken).ConfigureAwait(false)).Result;

    /// <summary>Runs an operation by its name that gives nothing back.</summary>
    /// <inheritdoc cref="RunAsync{TPayload, TResult}(IEventDispatcher, string, TPayload, Func{TPayload, CancellationToken, ValueTask{TResult}}, CancellationToken)"/>
    public static async ValueTask RunAsync<TPayload>(
        this IEventDispatcher dispatcher, string name, TPayload payload, Func<TPayload, CancellationToken, ValueTask> work, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(work);
        await RunAsync(dispatcher, name, payload, WithoutResult(work), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Runs an operation, and says so instead of throwing if it was refused.</summary>
    /// <returns>What came out of the work, or why it did not run.</returns>
    /// <inheritdoc cref="RunAsync{TOperation, TResult}(IEventDispatcher, TOperation, Func{TOperation, CancellationToken, ValueTask{TResult}}, CancellationToken)"/>
    public static async ValueTask<OperationOutcome<TResult>> TryRunAsync<TOperation, TResult>(
        this IEventDispatcher dispatcher,
        TOperation operation,
        Func<TOperation, CancellationToken, ValueTask<TResult>> work,
        CancellationToken cancellationToken = default)
        where TOperation : notnull
    {
        ArgumentNullException.ThrowIfNull(dispatcher);
        ArgumentNullException.ThrowIfNull(operation);
        ArgumentNullException.ThrowIfNull(work);
        var before = await dispatcher.DispatchAsync(new Before<TOperation>(NameOf<TOperation>.Value, operation), cancellationToken).ConfigureAwait(false);
        if (before.IsVetoed)
        {
            return new OperationOutcome<TResult>(before);
        }

        var result = await work(before.Operation, cancellationToken).ConfigureAwait(false);
        await dispatcher.DispatchAsync(new After<TOperation, TResult>(before.Name, before.Operation, result), cancellationToken).ConfigureAwait(false);
        return new OperationOutcome<TResult>(before, result);
    }

    /// <summary>Runs an operation by its name, and says so instead of throwing if it was refused.</summary>
    /// <returns>What came out of the work, or why it did not run.</returns>
    /// <inheritdoc cref="RunAsync{TPayload, TResult}(IEventDispatcher, string, TPayload, Func{TPayload, CancellationToken, ValueTask{TResult}}, CancellationToken)"/>
    public static async ValueTask<OperationOutcome<TResult>> TryRunAsync<TPayload, TResult>(
        this IEventDispatcher dispatcher,
        string name,
        TPayload payload,
        Func<TPayload, CancellationToken, ValueTask<TResult>> work,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(dispatcher);
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(work);
        var before = new Before<TPayload>(name, payload);
        await dispatcher.EmitAsync($"{name}.before", before, cancellationToken).ConfigureAwait(false);
        if (before.IsVetoed)
        {
            return new OperationOutcome<TResult>(before);
        }

        var result = await work(before.Operation, cancellationToken).ConfigureAwait(false);
        await dispatcher.EmitAsync($"{name}.after", new After<TPayload, TResult>(name, before.Operation, result), cancellationToken).ConfigureAwait(false);
        return new OperationOutcome<TResult>(before, result);
    }

    private static Func<TOperation, CancellationToken, ValueTask<NoResult>> WithoutResult<TOperation>(Func<TOperation, CancellationToken, ValueTask> work) =>
        async (operation, cancellationToken) =>
        {
            await work(operation, cancellationToken).ConfigureAwait(false);
            return default;
        };

    // Read once for each type.
    private static class NameOf<TOperation>
    {
        internal static readonly string Value = TypeName.OfOperation(typeof(TOperation));
    }
}
