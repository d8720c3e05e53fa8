using System.Security.Cryptography;
using System.Text;

namespace Carillon.Postgres.Deliveries.Internal;

/// <summary>Numbers in place of texts, the same in every process and version.</summary>
internal static class StableHash
{
    private const ulong Basis = 14695981039346656037;
    private const ulong Prime = 1099511628211;

    /// <summary>Of the deliveries that share a listener and a key. Two texts may share a number: whoever looks compares the texts as well.</summary>
    internal static long OfKey(string listenerId, string key) => Of(listenerId, key);

    /// <summary>Of a unique key: half of its SHA-256, which no two texts share.</summary>
    internal static Guid OfUnique(string key)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(key), hash);
        return new Guid(hash[..16], bigEndian: true);
    }

    internal static long Of(string first, string second) =>
        // A byte between them, so that what ends the one cannot begin the other.
        unchecked((long)Continue(Step(Continue(Basis, first), 0x1F), second));

    // FNV-1a over UTF-16, the low byte first on every machine.
    private static ulong Continue(ulong hash, string text)
    {
        foreach (var letter in text)
        {
            hash = Step(Step(hash, (byte)letter), (byte)(letter >> 8));
        }

        return hash;
    }

    private static ulong Step(ulong hash, byte value) => unchecked((hash ^ value) * Prime);
}
