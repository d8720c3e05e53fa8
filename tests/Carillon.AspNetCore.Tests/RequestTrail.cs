namespace Carillon.AspNetCore.Tests;

/// <summary>Belongs to one request.</summary>
internal sealed class RequestTrail
{
    internal List<string> Steps { get; } = [];
}

internal sealed class RequestTrailListeners
{
    [OnEvent]
    public void Before(BeforeHandleRequest _, RequestTrail trail) => trail.Steps.Add("before");

    [OnEvent]
    public void After(AfterHandleRequest _, RequestTrail trail, List<string> seen)
    {
        trail.Steps.Add("after");
        seen.Add(string.Join(", ", trail.Steps));
    }
}
