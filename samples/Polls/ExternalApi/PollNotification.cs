namespace Polls.ExternalApi;

/// <summary>What the external API is told of a new poll.</summary>
internal sealed record PollNotification(Guid PollId, string Question, Uri Address);
