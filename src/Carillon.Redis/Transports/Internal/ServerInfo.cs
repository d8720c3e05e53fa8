using System.Globalization;
using Carillon.Transports;
using Microsoft.Extensions.Logging;

namespace Carillon.Redis.Transports.Internal;

/// <summary>What a server says of itself, as far as it matters here.</summary>
internal sealed record ServerInfo(string Version, bool WritesAppendOnlyFile, string EvictionPolicy, string Role)
{
    // The oldest one that the tests run against.
    private const int OldestMajor = 7;

    /// <param name="info">The answer to INFO: <c>name:value</c>, a line each.</param>
    internal static ServerInfo Of(string info)
    {
        string version = "", appendOnly = "", policy = "", role = "";
        foreach (var line in info.Split('\n', StringSplitOptions.TrimEntries))
        {
            _ = line.Split(':', 2) switch
            {
                ["redis_version", var value] => version = value,
                ["aof_enabled", var value] => appendOnly = value,
                ["maxmemory_policy", var value] => policy = value,
                ["role", var value] => role = value,
                _ => null,
            };
        }

        return new(version, appendOnly == "1", policy, role);
    }

    /// <exception cref="TransportException">The server cannot do what is needed.</exception>
    internal void Check(string server, ILogger logger)
    {
        if (!int.TryParse(Version.Split('.')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var major) || major < OldestMajor)
        {
            throw new TransportException($"{server} is version '{Version}'; Carillon.Redis wants Redis {OldestMajor}.0 or later.");
        }

        if (Role is "slave" or "replica")
        {
            throw new TransportException($"{server} is a replica, to which nothing can be written. Name the primary.");
        }

        if (!WritesAppendOnlyFile)
        {
            Log.NoAppendOnlyFile(logger, server);
        }

        if (EvictionPolicy is not ("" or "noeviction"))
        {
            Log.Evicts(logger, server, EvictionPolicy);
        }
    }
}
