using System.Globalization;

namespace Carillon.Simulation.Tests;

/// <summary>
/// The durable engine under a simulated clock, a seeded scheduler, and a store that crashes, delays, repeats and fails between any two steps. A seed that fails
/// is repeated exactly, every step written out, by <c>dotnet artifacts/bin/Carillon.Simulation/release/Carillon.Simulation.dll --seed N --trace</c>.
/// </summary>
public sealed class SimulationTests(ITestOutputHelper output)
{
    // Two processes, since one uses one processor. CARILLON_SIMULATION_SEEDS asks for another number, for a night's run.
    private static readonly int Half =
        int.Parse(Environment.GetEnvironmentVariable("CARILLON_SIMULATION_SEEDS") ?? "2000", CultureInfo.InvariantCulture) / 2;

    [Fact]
    public async Task NothingIsLostRunTwiceOrOutOfOrder_WhateverGoesWrong()
    {
        var halves = await Task.WhenAll(RunSeedsAsync(1, Half), RunSeedsAsync(Half + 1, Half));

        output.WriteLine(string.Concat(halves.Select(static half => half.Output)).Trim());
        halves.ShouldAllBe(static half => half.ExitCode == 0, string.Concat(halves.Select(static half => half.Output)));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(77)]
    [InlineData(1311)]
    public async Task ASeedLeadsToTheSameRun_StepByStep(int seed)
    {
        var first = await SimulationProgram.RunAsync("--seed", seed.ToString(CultureInfo.InvariantCulture), "--trace");
        var second = await SimulationProgram.RunAsync("--seed", seed.ToString(CultureInfo.InvariantCulture), "--trace");

        first.Output.Length.ShouldBeGreaterThan(1000);
        second.Output.ShouldBe(first.Output);
    }

    [Theory]
    [InlineData("EarlyWrites", "is not committed, but its listener")]
    [InlineData("ForgottenWrites", "is committed, but its listener")]
    [InlineData("EarlyCompletions", "has left 0 effects")]
    [InlineData("NoOrder", "and reached after number")]
    public async Task AMistakeInTheStoreIsFound(string sabotage, string finding)
    {
        var (exitCode, found) = await SimulationProgram.RunAsync("--seeds", "1", "60", "--sabotage", sabotage);

        exitCode.ShouldBe(1, found);
        found.ShouldContain(finding);
    }

    private static Task<(int ExitCode, string Output)> RunSeedsAsync(int first, int count) =>
        SimulationProgram.RunAsync("--seeds", first.ToString(CultureInfo.InvariantCulture), count.ToString(CultureInfo.InvariantCulture));
}
