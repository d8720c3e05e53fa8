namespace Carillon.Tests.Generated;

internal sealed class FirstDoor
{
    private readonly Ledger _ledger;

    public FirstDoor(Ledger ledger) => (_ledger = ledger).Doors.Add("make first");

    [OnEvent(Priority = 1)]
    public async Task Open(DoorOpened e)
    {
        await Task.Yield();
        _ledger.Doors.Add("run first");
    }
}

internal sealed class SecondDoor
{
    private readonly Ledger _ledger;

    public SecondDoor(Ledger ledger) => (_ledger = ledger).Doors.Add("make second");

    [OnEvent]
    public void Open(DoorOpened e) => _ledger.Doors.Add("run second");
}
