namespace Polls.Events;

/// <summary>What all events about a poll have in common. A listener of this interface hears each of them.</summary>
public interface IPollEvent
{
    Guid PollId { get; }

    DateTimeOffset OccurredAt { get; }
}
