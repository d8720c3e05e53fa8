using Microsoft.Extensions.Logging;

namespace Carillon.AspNetCore.Internal;

/// <summary>What is logged about requests. Ids are stable: 400 to 499.</summary>
internal static partial class Log
{
    [LoggerMessage(500, LogLevel.Error, "A listener of AfterHandleRequest failed for {Method} {Path}. The response is not changed by it; listeners after it were not called.")]
    internal static partial void AfterListenerFailed(ILogger logger, string method, string path, Exception exception);
}
