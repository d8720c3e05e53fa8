using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Carillon.RabbitMq.Transports.Internal;

/// <summary>What the queues of a subscription are called. Always the same for a key, never the same for two.</summary>
/// <remarks>
/// A key of letters, digits, dots, hyphens and underscores stands in the name as it is; so operators find what they look for. Any other is written with underscores for what is special, and
/// with a hash behind a tilde, which a key that stands as it is cannot have. What a subscription has besides its queue is told apart by a colon, for the same reason.
/// </remarks>
internal sealed class QueueNames
{
    private const int MaxReadable = 60;
    private const int HashBytes = 16;

    private QueueNames(string queue) => Queue = queue;

    /// <summary>Where the events of the subscription wait.</summary>
    internal string Queue { get; }

    internal string Dead => $"{Queue}:dead";

    /// <summary>What the subscription has wanted, so that its bindings can be brought up to date: the broker does not tell them.</summary>
    internal string Patterns => $"{Queue}:patterns";

    /// <summary>Whoever has it brings the bindings up to date: gone with him.</summary>
    internal string Turn => $"{Queue}:turn";

    /// <summary>Where events wait that come again.</summary>
    internal string Retry(DelayStep step) => $"{Queue}:retry-{step.Seconds.ToString(CultureInfo.InvariantCulture)}s";

    internal static QueueNames Of(string exchange, string key) => new($"{exchange}.{Safe(key)}");

    internal static QueueNames Temporary(string exchange, Guid id) => new($"{exchange}:temporary-{id:N}");

    private static string Safe(string key)
    {
        if (key.All(IsSafe))
        {
            return key;
        }

        var readable = new StringBuilder(MaxReadable);
        foreach (var character in key.Take(MaxReadable))
        {
            readable.Append(IsSafe(character) ? character : '_');
        }

        // Of the characters as they are: half a surrogate pair is a key too, and has no form as UTF-8.
        var hash = SHA256.HashData(System.Runtime.InteropServices.MemoryMarshal.AsBytes(key.AsSpan()));
        return $"{readable}~{Convert.ToHexStringLower(hash.AsSpan(0, HashBytes))}";
    }

    private static bool IsSafe(char character) => char.IsAsciiLetterOrDigit(character) || character is '.' or '-' or '_';
}
