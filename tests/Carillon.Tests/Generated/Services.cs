namespace Carillon.Tests.Generated;

internal sealed class Clock;

internal interface IUnregistered;

internal sealed class Ledger
{
    public List<string> Doors { get; } = [];

    public List<int> Gates { get; } = [];

    public TaskCompletionSource Blocked { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public List<int> Tickets { get; } = [];

    public int Seconds { get; set; }
}

internal static class LightListeners
{
    [OnEvent]
    public static void Changed(in LightChanged e, Ledger ledger) => ledger.Seconds += e.Seconds;
}
