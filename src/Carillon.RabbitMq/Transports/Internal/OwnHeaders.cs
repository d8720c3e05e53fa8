namespace Carillon.RabbitMq.Transports.Internal;

/// <summary>The headers that the transport adds, and those of the broker that must not travel on.</summary>
internal static class OwnHeaders
{
    private const string Prefix = "carillon-";

    /// <summary>Which attempt it is, counted from 1; without it, the first.</summary>
    internal const string Attempt = Prefix + "attempt";

    /// <summary>The key whose order is kept, where no header of the event says it.</summary>
    internal const string Key = Prefix + "key";

    internal const string DeadId = Prefix + "dead-letter-id";
    internal const string Reason = Prefix + "reason";
    internal const string Parked = Prefix + "parked";
    internal const string At = Prefix + "at";

    internal static bool IsOwn(string name) => name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// Whether it is between the sender or the broker and the broker. With CC a copy would go to others than the one subscription; by its history of deaths the broker takes
    /// what waits for the second time for something that goes in circles, and drops it.
    /// </summary>
    internal static bool IsOfTheBroker(string name) =>
        name is "CC" or "BCC" || name.StartsWith("x-death", StringComparison.Ordinal) || name.StartsWith("x-first-death-", StringComparison.Ordinal)
        || name.StartsWith("x-last-death-", StringComparison.Ordinal) || name is "x-delivery-count" or "x-acquired-count";
}
