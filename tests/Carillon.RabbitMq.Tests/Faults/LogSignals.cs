using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Carillon.RabbitMq.Tests.Faults;

/// <summary>Tells a test when something is logged.</summary>
internal sealed class LogSignals : ILoggerFactory, ILogger
{
    private readonly ConcurrentDictionary<int, TaskCompletionSource<string>> _seen = new();

    /// <summary>All that was written, exceptions with their stacks included.</summary>
    internal ConcurrentQueue<string> Written { get; } = new();

    internal Task<string> WaitAsync(int eventId) => Of(eventId).Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        Written.Enqueue($"{formatter(state, exception)} {exception}");
        Of(eventId.Id).TrySetResult(formatter(state, exception));
    }

    public void Dispose()
    {
    }

    private TaskCompletionSource<string> Of(int eventId) => _seen.GetOrAdd(eventId, static _ => new(TaskCreationOptions.RunContinuationsAsynchronously));
}
