namespace Polls.Creating;

/// <summary>What somebody typed to create a poll; anything can be in it.</summary>
public sealed class PollForm
{
    public string? Question { get; set; }

    public long? TopicId { get; set; }

    public IList<string?> Options { get; set; } = [];
}
