using System.Globalization;
using Carillon.Conformance.Internal;
using Carillon.Deliveries;

namespace Carillon.Conformance;

/// <summary>
/// Calls in an order that nobody has thought of, each compared with a model. A failure names its seed, and <c>CARILLON_SEEDS=1000-2000</c> tries others.
/// </summary>
public abstract class RandomizedTests<TStores> : DeliveryStoreTests<TStores>
    where TStores : TestStores, new()
{
    private const int Steps = 250;

    /// <summary>Those that are always tried, and those that somebody asks for.</summary>
    public static TheoryData<int> Seeds
    {
        get
        {
            if (Environment.GetEnvironmentVariable("CARILLON_SEEDS") is not { Length: > 0 } range)
            {
                return [.. Enumerable.Range(1, 12)];
            }

            var ends = range.Split('-');
            var first = int.Parse(ends[0], CultureInfo.InvariantCulture);
            return [.. Enumerable.Range(first, int.Parse(ends[^1], CultureInfo.InvariantCulture) - first + 1)];
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Whatever_is_called_in_whatever_order_does_what_the_port_says(int seed) // 312 to 330, 382 to 419
    {
        var run = new RandomRun(Store, await OpenAnotherAsync(), new RandomCalls(new Random(seed)), Now, Cancel);
        try
        {
            for (var step = 0; step < Steps; step++)
            {
                await run.StepAsync();
            }

            await run.DrainAsync();
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            throw new InvalidOperationException($"Seed {seed} (CARILLON_SEEDS={seed}): {exception.Message}\nThe calls until then:\n{run.Log}", exception);
        }
    }
}
