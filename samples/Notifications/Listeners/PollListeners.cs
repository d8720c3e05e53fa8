using Carillon;
using Notifications.Mail;
using Polls.Events;

namespace Notifications.Listeners;

/// <summary>Plain listeners: nothing in them says that their events come from another application.</summary>
internal sealed class PollListeners
{
    /// <summary>
    /// Durable: the event is acknowledged to the broker as soon as its delivery is stored here, and the mail is tried until it is sent. It is sent at least once, so
    /// the mail has the event's id: the one that was sent twice is one mail.
    /// </summary>
    [OnEvent(Delivery.Durable, Id = "mail")]
    public Task Mail(PollCreated e, EventContext context, Mailbox mailbox, CancellationToken cancellationToken) =>
        mailbox.SendAsync(context.EventId, $"A poll was created at {e.OccurredAt:u}: {e.PollId}", cancellationToken);

    /// <summary>Inline: done when the vote is acknowledged.</summary>
    [OnEvent]
    public void Count(VoteCast e, VoteCounter votes) => votes.Add();
}
