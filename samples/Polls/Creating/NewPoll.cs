namespace Polls.Creating;

/// <summary>A poll to be created: it keeps the <see cref="PollRules"/>.</summary>
internal sealed record NewPoll(long TopicId, string Question, IReadOnlyList<string> Options);
