using Microsoft.Extensions.Logging;

namespace Carillon.Hosting.Internal;

/// <summary>Stands in for a logger in applications that have added no logging.</summary>
internal sealed class NoLogger<TCategory> : ILogger<TCategory>
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => false;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
    }
}
