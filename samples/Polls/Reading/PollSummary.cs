namespace Polls.Reading;

/// <summary>A poll in a list.</summary>
internal sealed record PollSummary(Guid Id, string Question, string Topic, DateTimeOffset CreatedAt, long Votes);
