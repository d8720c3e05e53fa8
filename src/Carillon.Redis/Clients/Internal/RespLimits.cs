namespace Carillon.Redis.Clients.Internal;

/// <summary>How much a reply may have: a peer that is no Redis, or means ill, costs a connection and not the memory of the process.</summary>
internal sealed record RespLimits
{
    internal static readonly RespLimits Default = new();

    /// <summary>Of one reply with all that is in it.</summary>
    internal int MaxBytes { get; init; } = 256 * 1024 * 1024;

    internal int MaxDepth { get; init; } = 8;

    internal int MaxLine { get; init; } = 64 * 1024;

    /// <summary>What an item of a list counts beside its bytes: an empty one is not free.</summary>
    internal const int BytesOfItem = 32;
}
