namespace Carillon.Generators.Tests.Behaviour;

internal static class StaticListeners
{
    [OnEvent]
    public static void Moved(in OrderMoved e, Trail trail) => trail.Add($"in {e.Row}");

    [OnEvent]
    public static async Task MovedAsync(OrderMoved e, Trail trail)
    {
        await Task.Yield();
        trail.Add($"by value {e.Row}");
    }

    [OnEvent]
    public static void First(OrderQuestion e, Trail trail)
    {
        trail.Add("first");
        e.Answers++;
    }

    [OnEvent]
    public static async Task SecondAsync(OrderQuestion e, Trail trail)
    {
        await Task.Yield();
        trail.Add("second");
        e.Answers++;
    }

    [OnEvent]
    public static async Task ThirdAsync(OrderQuestion e, Trail trail)
    {
        await Task.Yield();
        trail.Add("third");
        e.Answers++;
    }

    [OnEvent]
    public static void Fourth(OrderQuestion e, Trail trail) => trail.Add("fourth");

    [OnEvent]
    public static async Task FailAsync(OrderFailed e, Trail trail)
    {
        trail.Add("failing");
        if (e.Later)
        {
            await Task.Yield();
        }

        throw new TimeoutException("The order failed.");
    }

    [OnEvent]
    public static void NotReached(OrderFailed e, Trail trail) => trail.Add("not reached");

    [OnEvent]
    public static void SavedText(Saved<string> e, Trail trail) => trail.Add("text");

    [OnEvent]
    public static void SavedObject(ISaved<object> e, Trail trail) => trail.Add("object");
}
