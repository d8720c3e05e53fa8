namespace Polls.Creating;

/// <summary>The topic of a new poll does not exist. Nothing was written, and none of the poll's listeners will hear of it.</summary>
internal sealed class UnknownTopicException(long topicId, Exception innerException)
    : Exception($"The topic {topicId} does not exist (any more). Nothing was saved.", innerException);
