namespace Carillon.Tests.Generated;

internal interface IMoved
{
    List<string> Seen { get; }
}

internal abstract record VehicleMoved(List<string> Seen) : IMoved;

[Event("car.parked")]
internal sealed record CarParked(List<string> Seen) : VehicleMoved(Seen);

internal sealed record TrainStoppedEvent(List<string> Seen) : IStoppableEvent
{
    public bool IsPropagationStopped { get; set; }
}

internal readonly record struct LightChanged(int Seconds);

internal sealed record BusDelayed(List<string> Seen);

internal sealed record TicketSold(int Number);

internal sealed record GateOpened(int Number, Task Until);

internal sealed record DoorOpened;
