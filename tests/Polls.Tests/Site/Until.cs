namespace Polls.Tests.Site;

/// <summary>Waits for something in another process: looks again and again until it is so or the time is up.</summary>
internal static class Until
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    /// <param name="look">Answers null while there is nothing to be seen.</param>
    /// <param name="what">What is waited for; part of the message when the time is up.</param>
    public static async Task<T> SeenAsync<T>(Func<Task<T?>> look, string what)
        where T : class
    {
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        giveUp.CancelAfter(Patience);
        using var timer = new PeriodicTimer(Interval, TimeProvider.System);
        try
        {
            while (true)
            {
                if (await look() is { } seen)
                {
                    return seen;
                }

                await timer.WaitForNextTickAsync(giveUp.Token);
            }
        }
        catch (OperationCanceledException) when (!TestContext.Current.CancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"Waited {Patience.TotalSeconds:0} seconds in vain for this: {what}.");
        }
    }

    public static Task TrueAsync(Func<Task<bool>> look, string what) =>
        SeenAsync(async () => await look() ? "" : null, what);
}
