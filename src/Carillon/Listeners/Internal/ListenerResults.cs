namespace Carillon.Listeners.Internal;

/// <summary>Waits for a listener that gives something back.</summary>
internal static class ListenerResults
{
    internal static async ValueTask AddAsync<TResult>(Task<TResult> running, DispatchOutcome outcome) =>
        outcome.AddResult(await running.ConfigureAwait(false));

    internal static ValueTask AddAsync<TResult>(ValueTask<TResult> running, DispatchOutcome? outcome)
    {
        if (!running.IsCompletedSuccessfully)
        {
            return AwaitAsync(running, outcome);
        }

        // Read even if nobody wants it: it gives a pooled source back.
        var result = running.GetAwaiter().GetResult();
        outcome?.AddResult(result);
        return ValueTask.CompletedTask;
    }

    private static async ValueTask AwaitAsync<TResult>(ValueTask<TResult> running, DispatchOutcome? outcome)
    {
        var result = await running.ConfigureAwait(false);
        outcome?.AddResult(result);
    }
}
