namespace Polls.Reading;

internal sealed record AuditEntry(string EventName, Guid PollId, string Question, DateTimeOffset OccurredAt);
