using Carillon;
using Polls.Events;

namespace Polls;

/// <summary>What other applications hear of the site.</summary>
internal static class PollsPublishing
{
    /// <summary>
    /// Has polls and votes leave for a broker, if there is one. They are written with the poll, in its transaction, so that a broker that is away holds up nobody and
    /// loses nothing.
    /// </summary>
    public static CarillonBuilder PublishTo(this CarillonBuilder carillon, string? broker) => string.IsNullOrEmpty(broker)
        ? carillon
        : carillon.UseRabbitMq(broker).Publish<PollCreated>().Publish<VoteCast>();
}
