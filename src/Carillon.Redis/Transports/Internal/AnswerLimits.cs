using Carillon.Redis.Clients.Internal;

namespace Carillon.Redis.Transports.Internal;

/// <summary>How many bytes of events an answer may have, as <see cref="RespLimits"/> counts them: all events of the process share its connection, and a larger one would end it.</summary>
internal sealed record AnswerLimits
{
    internal static readonly AnswerLimits Default = new();

    /// <summary>With so many it is full; one event is always given.</summary>
    internal int Full { get; init; } = 16 * 1024 * 1024;

    /// <summary>An event with more is given to nobody.</summary>
    internal int Largest { get; init; } = RespLimits.Default.MaxBytes / 2;
}
