namespace Carillon.Tests.Generated;

internal sealed record BellRung(List<string> Seen, TaskCompletionSource? Wait = null);

internal sealed record LampLit(List<string> Seen);

internal sealed record FlagRaised(List<string> Seen);

internal sealed record HornSounded(List<string> Seen);

internal sealed record GateClosed(List<string> Seen) : IStoppableEvent
{
    public bool IsPropagationStopped { get; set; }
}

internal sealed record HarbourCrossed
{
    internal int Count { get; set; }
}

internal record struct WhistleBlown(List<string> Seen);

/// <summary>One listener an event, each of another kind: all of them are lines in the manifest.</summary>
internal sealed class SignalListeners
{
    [OnEvent]
    public async Task Hear(BellRung e)
    {
        await (e.Wait?.Task ?? Task.CompletedTask);
        e.Seen.Add("bell");
    }

    [OnEvent]
    public ValueTask See(LampLit e)
    {
        e.Seen.Add("lamp");
        return ValueTask.CompletedTask;
    }

    [OnEvent]
    public async ValueTask<int> Salute(FlagRaised e, CancellationToken cancellationToken)
    {
        await Task.Yield();
        cancellationToken.ThrowIfCancellationRequested();
        e.Seen.Add("flag");
        return 1;
    }

    [OnEvent]
    public static int Jump(HornSounded e)
    {
        e.Seen.Add("horn");
        return e.Seen.Count;
    }

    [OnEvent]
    public void Wait(GateClosed e) => e.Seen.Add("gate");

    [OnEvent]
    public void Cross(HarbourCrossed e) => e.Count++;

    [OnEvent]
    public void Look(WhistleBlown e) => e.Seen.Add("whistle");
}
