namespace Carillon.Generators.Tests.Behaviour;

internal sealed record ParcelPacked;

internal sealed record ParcelSealed(bool Fails);

internal sealed record ParcelPriced;

internal static class ParcelListeners
{
    [OnEvent(Priority = 100, After = ["ParcelListeners.Label"])]
    public static void Ship(ParcelPacked e, Trail trail) => trail.Add("ship");

    [OnEvent(Priority = 50)]
    public static void Weigh(ParcelPacked e, Trail trail) => trail.Add("weigh");

    [OnEvent]
    public static async Task LabelAsync(ParcelPacked e, Trail trail)
    {
        await Task.Yield();
        trail.Add("label, asynchronously");
    }

    [OnEvent(Id = "ParcelListeners.Label")]
    public static void Label(ParcelPacked e, Trail trail) => trail.Add("label");

    [OnEvent(Before = ["ParcelListeners.Weigh"])]
    public static void Check(ParcelPacked e, Trail trail) => trail.Add("check");

    [OnEvent(Priority = 1, StopPropagation = true)]
    public static void Seal(ParcelSealed e, Trail trail)
    {
        trail.Add("seal");
        if (e.Fails)
        {
            throw new TimeoutException("The seal broke.");
        }
    }

    [OnEvent]
    public static void NotReached(ParcelSealed e, Trail trail) => trail.Add("not reached");

    [OnEvent]
    public static int Base(ParcelPriced e) => 5;

    [OnEvent]
    public static async Task<int> InsuranceAsync(ParcelPriced e)
    {
        await Task.Yield();
        return 2;
    }

    [OnEvent]
    public static string? Nothing(ParcelPriced e) => null;

    [OnEvent]
    public static ValueTask<string> RemarkAsync(ParcelPriced e) => new("fragile");

    [OnEvent]
    public static object Customs(ParcelPriced e) => 3;

    [OnEvent]
    public static async ValueTask<decimal> TaxAsync(ParcelPriced e)
    {
        await Task.Yield();
        return 0.5m;
    }

    [OnEvent]
    public static void Silent(ParcelPriced e)
    {
    }
}
