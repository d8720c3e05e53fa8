namespace Notifications.Listeners;

/// <summary>The votes that were cast since this process is there.</summary>
internal sealed class VoteCounter
{
    private long _votes;

    public long Votes => Interlocked.Read(ref _votes);

    public void Add() => Interlocked.Increment(ref _votes);
}
