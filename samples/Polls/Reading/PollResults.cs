namespace Polls.Reading;

/// <summary>A poll with the votes for each of its options.</summary>
internal sealed record PollResults(Guid Id, string Question, string Topic, DateTimeOffset CreatedAt, IReadOnlyList<OptionResult> Options)
{
    public long Votes => Options.Sum(option => option.Votes);

    /// <summary>The share of all votes, in whole per cent.</summary>
    public int Percentage(OptionResult option) =>
        Votes == 0 ? 0 : (int)Math.Round(100.0 * option.Votes / Votes, MidpointRounding.AwayFromZero);
}

internal sealed record OptionResult(int Position, string Text, long Votes);
