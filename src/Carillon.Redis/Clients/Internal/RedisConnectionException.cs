namespace Carillon.Redis.Clients.Internal;

/// <summary>There is no connection, or it was lost before the answer came: what was sent may have been done.</summary>
internal sealed class RedisConnectionException(string message, Exception? innerException = null) : Exception(message, innerException);
