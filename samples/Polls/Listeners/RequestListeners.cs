using Carillon;
using Carillon.AspNetCore;

namespace Polls.Listeners;

/// <summary>What whoever runs the site wants to know of its requests: the ones that fail, and the ones that take long.</summary>
internal sealed partial class RequestListeners
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(1);

    [OnEvent]
    public void Report(AfterHandleRequest e, ILogger<RequestListeners> log)
    {
        var request = e.HttpContext.Request;
        if (e.StatusCode >= StatusCodes.Status500InternalServerError || e.Duration >= Long)
        {
            Conspicuous(log, request.Method, request.Path, e.StatusCode, e.Duration.TotalMilliseconds);
        }
        else
        {
            Handled(log, request.Method, request.Path, e.StatusCode, e.Duration.TotalMilliseconds);
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "{Method} {Path}: {Status} in {Milliseconds:0} ms")]
    private static partial void Conspicuous(ILogger logger, string method, string path, int status, double milliseconds);

    [LoggerMessage(2, LogLevel.Debug, "{Method} {Path}: {Status} in {Milliseconds:0} ms")]
    private static partial void Handled(ILogger logger, string method, string path, int status, double milliseconds);
}
