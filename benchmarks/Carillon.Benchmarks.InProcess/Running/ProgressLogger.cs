using System.Globalization;
using BenchmarkDotNet.Loggers;

namespace Carillon.Benchmarks.InProcess.Running;

/// <summary>Shows on standard error which benchmark is running, and errors; BenchmarkDotNet's full log is a file beside its reports.</summary>
internal sealed class ProgressLogger : ILogger
{
    public string Id => nameof(ProgressLogger);

    public int Priority => 0;

    public void Write(LogKind logKind, string text)
    {
        if (logKind == LogKind.Error)
        {
            Console.Error.Write(text);
        }
    }

    public void WriteLine() => Write(LogKind.Default, Environment.NewLine);

    public void WriteLine(LogKind logKind, string text)
    {
        if (text.StartsWith("// Benchmark: ", StringComparison.Ordinal))
        {
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {text["// Benchmark: ".Length..].Split(':')[0]}"));
        }

        Write(logKind, text + Environment.NewLine);
    }

    public void Flush()
    {
    }
}
