namespace Carillon.Generators.Tests.Behaviour;

/// <summary>Every way, for theories.</summary>
internal static class Ways
{
    public static TheoryData<Way> All => [.. Enum.GetValues<Way>()];

    /// <summary>Dispatches one event in an application of its own, and looks at what its listeners have done, and at who has called them.</summary>
    internal static async Task AssertStepsAsync<TEvent>(Way way, TEvent @event, params string[] steps)
        where TEvent : notnull
    {
        await using var stage = await Stage.StartAsync(way);

        (await stage.DispatchAsync(@event)).ShouldBe(@event);

        stage.Steps.ShouldBe(steps);

        // Around a whole dispatch, a plan is as good as an array of invokers.
        if (way != Way.GeneratedWithMiddleware)
        {
            stage.Trail.BeganInPlan.ShouldBe(way == Way.Generated && steps.Length > 0);
        }
    }
}
