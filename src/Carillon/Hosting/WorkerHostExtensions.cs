using Carillon.Deliveries;
using Carillon.Transports;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Carillon.Hosting;

/// <summary>Runs an application as a daemon.</summary>
public static class WorkerHostExtensions
{
    /// <summary>
    /// Runs the host until it is asked to stop (SIGTERM, SIGINT, or the token), and tells how it has ended as an exit code. What keeps it from starting is written to
    /// standard error in one line; the log has the rest.
    /// </summary>
    /// <returns>One of <see cref="WorkerExitCode"/>: <c>return await app.RunWorkerAsync();</c></returns>
    /// <param name="host">The host; it is disposed of in the end.</param>
    /// <param name="cancellationToken">Asks it to stop.</param>
    public static async Task<int> RunWorkerAsync(this IHost host, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(host);
        try
        {
            await host.RunAsync(cancellationToken).ConfigureAwait(false);
            return WorkerExitCode.Stopped;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return WorkerExitCode.Stopped;
        }
#pragma warning disable CA1031 // This is where the process ends: the exception becomes a line and a number.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            await Console.Error.WriteLineAsync(exception.Message).ConfigureAwait(false);
            return CodeOf(exception);
        }
    }

    private static int CodeOf(Exception exception) => exception switch
    {
        CarillonConfigurationException or OptionsValidationException => WorkerExitCode.Misconfigured,
        DeliveryStoreException or TransportException => WorkerExitCode.Unavailable,
        _ => WorkerExitCode.Failed,
    };
}
