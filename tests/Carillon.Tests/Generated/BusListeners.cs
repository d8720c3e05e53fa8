namespace Carillon.Tests.Generated;

internal sealed record BusTicket(List<string> Seen);

[Event("bus.departed")]
internal sealed record BusDeparted(List<string> Seen);

internal sealed class BusListeners
{
    [OnEvent("bus.boarded")]
    public void Boarded(BusTicket ticket) => ticket.Seen.Add("exact");

    [OnEvent("bus.*", Priority = 1)]
    public async Task Any(BusTicket ticket, CancellationToken cancellationToken)
    {
        await Task.Yield();
        cancellationToken.CanBeCanceled.ShouldBeTrue();
        ticket.Seen.Add("pattern");
    }

    [OnEvent("#.departed")]
    public static int Departed(BusDeparted e)
    {
        e.Seen.Add("pattern");
        return 1;
    }

    [OnEvent]
    public void ByType(BusDeparted e) => e.Seen.Add("type");

    [OnEvent("bus.scrapped")]
    public void Scrapped(NamedEvent e, EventContext context) => ((List<string>)e.Payload!).Add($"{e.Name} {context.EventName}");
}
