using Carillon.Listeners;

namespace Carillon.Generators.Tests.Behaviour;

internal static class HouseListeners
{
    [OnEvent]
    internal static void AnyBell(IBell e, Trail trail) => trail.Add("any");

    [OnEvent(Priority = 1)]
    internal static void Rung(BellRung e, Trail trail)
    {
        trail.Add(e.Tone);
        e.Count++;

        // The next one gets what was dispatched all the same.
        e = new GreatBellRung("another");
        e.Count++;
    }

    [OnEvent(Id = "great-bell", Priority = -7)]
    internal static async ValueTask GreatBell(GreatBellRung e, Trail trail)
    {
        await Task.Yield();
        trail.Add($"{e.Tone} {e.Count}");
    }

    [OnEvent]
    internal static void Text(Created<string> e, Trail trail) => trail.Add(e.Item);

    [OnEvent]
    internal static void Number(Created<int> e, Trail trail) => trail.Add($"{e.Item}");

    [OnEvent(Priority = 1)]
    internal static async Task OpenWindow(DoorOpened e, Trail trail, IEventDispatcher events, CancellationToken cancellationToken)
    {
        trail.Add("door");
        await events.DispatchAsync(new WindowOpened(), cancellationToken);
        trail.Add("door again");
    }

    [OnEvent]
    internal static void Door(DoorOpened e, Trail trail) => trail.Add("last");

    [OnEvent]
    internal static async Task Window(WindowOpened e, Trail trail)
    {
        await Task.Yield();
        trail.Add("window");
    }

    [OnEvent]
    internal static bool Raise(AlarmRaised e, Trail trail, IListenerRegistry registry)
    {
        trail.Add("raise");
        if (!e.Again)
        {
            registry.Listen<AlarmRaised>(_ => trail.Add("new"));
            registry.Mute("HouseListeners.Muted");
        }

        return false;
    }

    [OnEvent]
    internal static AlarmRaised? Muted(AlarmRaised e, Trail trail)
    {
        trail.Add("muted");
        return e with { Again = true };
    }

    [OnEvent]
    internal static void CheckRoof(HouseChecked e, Trail trail) => throw new TimeoutException("roof");

    [OnEvent]
    internal static async Task CheckCellar(HouseChecked e, Trail trail)
    {
        await Task.Yield();
        throw new TimeoutException("cellar");
    }

    [OnEvent(StopPropagation = true)]
    internal static void CheckDoor(HouseChecked e, Trail trail)
    {
        trail.Add("check door");
        throw new TimeoutException("door");
    }

    [OnEvent]
    internal static void CheckWindow(HouseChecked e, Trail trail) => trail.Add("check window");

    [OnEvent(Errors = ListenerErrors.Log)]
    internal static void Flicker(LampLit e, Trail trail)
    {
        trail.Add("flicker");
        throw new TimeoutException("lamp");
    }

    [OnEvent]
    internal static void Shine(LampLit e, Trail trail) => trail.Add("shine");

    [OnEvent(Priority = 1)]
    internal static void Greet(GuestArrived e, EventContext context, Trail trail)
    {
        trail.Add($"{context.EventName} {context.Attempt} {context.CancellationToken.CanBeCanceled}");
        context.StopPropagation();
    }

    [OnEvent]
    internal static void NotGreeted(GuestArrived e, Trail trail) => trail.Add("not reached");

    [OnEvent(Delivery.Background)]
    internal static async Task Remember(GuestLeft e, EventContext context)
    {
        await e.Until.Task.WaitAsync(context.CancellationToken);
        e.Tell("remembered");
    }

    [OnEvent]
    internal static void Leave(GuestLeft e) => e.Tell("left");

    [OnEvent]
    internal static string? Cook(MealOrdered e) => e.Dish == 0 ? null : $"dish {e.Dish}";

    [OnEvent]
    internal static async Task<string> Wine(MealOrdered e, Trail trail)
    {
        await Task.Yield();
        trail.Add("wine");
        return "wine";
    }
}
