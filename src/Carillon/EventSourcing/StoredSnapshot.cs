namespace Carillon.EventSourcing;

/// <summary>What a stream comes to at one of its versions, as stores keep it.</summary>
public sealed class StoredSnapshot
{
    /// <summary>The stream.</summary>
    public required string Stream { get; init; }

    /// <summary>The version of the last event that is in it.</summary>
    public required long Version { get; init; }

    /// <summary>The name of its shape: what another shape has is of no use.</summary>
    public required string Shape { get; init; }

    /// <summary>When it was taken (UTC).</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>The state as UTF-8 JSON.</summary>
    public required ReadOnlyMemory<byte> State { get; init; }
}
