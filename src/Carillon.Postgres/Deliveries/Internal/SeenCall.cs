namespace Carillon.Postgres.Deliveries.Internal;

/// <summary>Notes that a consumer has seen a message, or asks whether it has. Its caller is told whether it was noted now, or before.</summary>
/// <param name="consumer">Who.</param>
/// <param name="messageId">What.</param>
/// <param name="now">A note that was to be kept until now does not count.</param>
/// <param name="keepUntil">Until when it is to be kept; null to ask.</param>
internal sealed class SeenCall(string consumer, string messageId, DateTimeOffset now, DateTimeOffset? keepUntil) : GroupCall<bool>
{
    /// <summary>As it is stored; two texts may be stored as one.</summary>
    internal string Consumer { get; } = StoredText.Write(consumer);

    /// <inheritdoc cref="Consumer"/>
    internal string MessageId { get; } = StoredText.Write(messageId);

    internal long Now { get; } = UnixTicks.From(now);

    internal long? KeepUntil { get; } = keepUntil is { } until ? UnixTicks.From(until) : null;

    internal override int Rows => 1;

    internal override string What => keepUntil is null
        ? $"see whether '{consumer}' has seen the message '{messageId}'"
        : $"note that '{consumer}' has seen the message '{messageId}'";
}
