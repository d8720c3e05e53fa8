using System.Diagnostics.Metrics;
using Carillon.Tests.Diagnostics;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Stores.Tests.EventSourcing.Applications;

// What is measured of them.
public abstract partial class ProjectionTests<TPlace>
{
    [Fact]
    public async Task Gauges_say_how_far_it_is_behind_and_that_it_has_stopped()
    {
        await using var application = await StartAsync();
        await AppendAsync(application, "basket-1", new BasketFilled(1, 3));
        await WaitAsync(application);
        await Projections(application).PauseAsync("baskets", Cancel);
        await AppendAsync(application, "basket-1", new BasketFilled(1, 4), new BasketFilled(1, 5));
        using var measures = new RecordedMeasures(application.Services.GetRequiredService<IMeterFactory>());

        var lag = await CollectAsync(measures, "carillon.projection.lag");

        lag.ShouldHaveSingleItem().Value.ShouldBe(2);
        lag[0].Tags["carillon.projection.name"].ShouldBe("baskets");
        (await CollectAsync(measures, "carillon.projection.stopped")).Select(each => (each.Tags["carillon.projection.status"], each.Value)).ShouldBe([("failed", 0), ("paused", 1)]);
    }

    // The store is asked by the first collection and has answered by a later one.
    private static async Task<IReadOnlyList<RecordedMeasures.Measure>> CollectAsync(RecordedMeasures measures, string name)
    {
        var found = measures.Collect(name);
        while (found.Count == 0)
        {
            await Task.Yield();
            Cancel.ThrowIfCancellationRequested();
            found = measures.Collect(name);
        }

        return found;
    }
}
