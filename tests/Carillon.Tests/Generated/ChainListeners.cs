namespace Carillon.Tests.Generated;

[Event("ball.thrown")]
internal sealed record BallThrown(int Left);

[Event("ball.caught")]
internal sealed record BallCaught(int Left);

[Event("ball.kicked")]
internal sealed record BallKicked;

/// <summary>Takes nothing by which it could dispatch.</summary>
internal static class KickListeners
{
    [OnEvent]
    public static void Kick(BallKicked e, CancellationToken ct) => ct.ThrowIfCancellationRequested();
}

// It ends when none is left.
#pragma warning disable CARILLON016

/// <summary>Dispatch each other's events until none is left: by the context, by a service, by the constructor.</summary>
internal sealed class BallListeners(IEventDispatcher events)
{
    [OnEvent]
    public async ValueTask Catch(BallThrown e, CancellationToken ct)
    {
        if (e.Left > 0)
        {
            await events.DispatchAsync(new BallCaught(e.Left - 1), ct);
        }
    }

    [OnEvent]
    public static async Task Throw(BallCaught e, IEventBus bus, CancellationToken ct)
    {
        await Task.Yield();
        if (e.Left > 0)
        {
            await bus.PublishAsync(new BallThrown(e.Left - 1), ct);
        }
    }
}
