using Carillon;

namespace Polls.Events;

/// <summary>Somebody has voted for the option at this position of the poll.</summary>
[Event("vote.cast")]
[InvalidatesCache("poll:{PollId}")]
public sealed record VoteCast(Guid PollId, int Position, DateTimeOffset OccurredAt) : IPollEvent;
