namespace Carillon.Killing.App.Proof;

/// <summary>How long the proof waits for a line that has to come: far longer than it takes, even on a machine that has much else to do.</summary>
internal static class Patience
{
    internal static readonly TimeSpan Long = TimeSpan.FromMinutes(2);

    internal static async Task<T> WithinAsync<T>(this Task<T> task, Func<string> what)
    {
        try
        {
            return await task.WaitAsync(Long, TimeProvider.System);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"Waited {Long.TotalMinutes:0} minutes in vain for this: {what()}");
        }
    }
}
