namespace Carillon.EventSourcing.Internal;

/// <summary>The projections of this process, from the start of the host to its stop.</summary>
internal sealed class ProjectionWork(ProjectionsSetup setup, ProjectionParts parts, ProjectionGauges gauges) : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;
    private bool _isDisposed;

    internal void Start()
    {
        gauges.Start();
        _running = Task.WhenAll(setup.All.Select(projection => Task.Run(() => new ProjectionRunner(projection, parts).RunAsync(_stop.Token))));
    }

    internal async Task StopAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>A host that is disposed of without being stopped runs nothing any more.</summary>
    public void Dispose()
    {
        if (!Interlocked.Exchange(ref _isDisposed, true))
        {
            _stop.Cancel();
            _stop.Dispose();
        }
    }
}
