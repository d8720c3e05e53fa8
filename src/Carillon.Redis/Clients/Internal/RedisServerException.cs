namespace Carillon.Redis.Clients.Internal;

/// <summary>The server has refused a command; the connection goes on.</summary>
internal sealed class RedisServerException(string message) : Exception(message)
{
    /// <summary>Whether the answer is of this kind: its first word.</summary>
    internal bool Is(string code) => Message.StartsWith(code, StringComparison.Ordinal) && (Message.Length == code.Length || Message[code.Length] == ' ');
}
