using Microsoft.Extensions.Logging;

namespace Carillon.Tests;

internal sealed record LogEntry(LogLevel Level, int Id, string Message, Exception? Exception);
