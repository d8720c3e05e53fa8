namespace Carillon.Redis.Clients.Internal;

/// <summary>The server has answered something that is no answer, or one beyond the limits. The connection cannot be used any more.</summary>
internal sealed class RespException(string message) : Exception(message);
