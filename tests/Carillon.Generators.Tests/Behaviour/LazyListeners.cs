namespace Carillon.Generators.Tests.Behaviour;

internal sealed record SleeperWoken;

internal sealed class FirstSleeper
{
    private readonly Trail _trail;

    public FirstSleeper(Trail trail) => (_trail = trail).Add("make first");

    [OnEvent(Priority = 1)]
    public async Task Wake(SleeperWoken e)
    {
        await Task.Yield();
        _trail.Add("run first");
    }
}

internal sealed class SecondSleeper : IDisposable
{
    private readonly Trail _trail;

    public SecondSleeper(Trail trail) => (_trail = trail).Add("make second");

    [OnEvent]
    public void Wake(SleeperWoken e) => _trail.Add("run second");

    public void Dispose() => _trail.Add("dispose second");
}
