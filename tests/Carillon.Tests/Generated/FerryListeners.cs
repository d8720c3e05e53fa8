namespace Carillon.Tests.Generated;

[Event("ferry.left")]
internal sealed record FerryLeft(List<string> Seen);

#pragma warning disable CARILLON011 // The list is where the test sees who ran.
internal sealed class FerryListeners
{
    [OnEvent]
    public void Inline(FerryLeft e) => e.Seen.Add("inline");

    [OnEvent(Delivery.BeforeCommit)]
    public Task Before(FerryLeft e, EventContext context)
    {
        e.Seen.Add($"before {context.EventName}");
        return Task.CompletedTask;
    }

    [OnEvent("ferry.*", Delivery.AfterCommit)]
    public static void After(FerryLeft e) => e.Seen.Add("after");

    [OnEvent(Delivery.AfterRollback)]
    public void RolledBack(FerryLeft e) => e.Seen.Add("rollback");

    [OnEvent(Delivery.AfterCompletion)]
    public ValueTask Ended(FerryLeft e)
    {
        e.Seen.Add("completion");
        return ValueTask.CompletedTask;
    }
}
