using Carillon;

namespace Polls.Events;

/// <summary>A poll has been created, with all its options.</summary>
/// <remarks>It carries the id, not the poll: whoever needs more reads it fresh.</remarks>
[Event("poll.created")]
public sealed record PollCreated(Guid PollId, DateTimeOffset OccurredAt) : IPollEvent;
