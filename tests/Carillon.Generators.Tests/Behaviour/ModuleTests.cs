using Acme.Module;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Generators.Tests.Behaviour;

internal static class ModuleListeners
{
    [OnEvent]
    internal static void Send(ParcelSent e, Trail trail) => trail.Add($"own {e.Number}");

    [OnEvent]
    internal static void Change(ParcelChanged<string> e, Trail trail) => trail.Add($"own {e.Item}");
}

/// <summary>A library that was built as libraries are, with listeners of each kind under every rule there is, in the application of these tests.</summary>
public sealed class ModuleTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Listeners_of_a_library_and_of_its_application_run_together()
    {
        var services = new ServiceCollection().AddLogging().AddSingleton<Protocol>().AddScoped<Trail>().AddKeyedSingleton("blue", "sky");
        services.AddCarillon(carillon => carillon.AddListeners().AddCarillonGeneratorsModuleListeners());
        await using var provider = services.BuildServiceProvider(new ServiceProviderOptions { ValidateScopes = true });
        await using var scope = provider.CreateAsyncScope();
        var events = scope.ServiceProvider.GetRequiredService<IEventDispatcher>();
        var protocol = provider.GetRequiredService<Protocol>();

        (await events.CollectAsync<int>(new ParcelSent(3), Cancellation)).ShouldBe([3]);
        await events.DispatchAsync(new ParcelMoved(4), Cancellation);
        await events.DispatchAsync(new ParcelChanged<int>(5), Cancellation);
        await events.DispatchAsync(new ParcelChanged<string>("text"), Cancellation);
        await Inside.DispatchAsync(events, protocol, Cancellation);

        protocol.Lines.ShouldBe(
            ["module 3 sky -", "module weighs", "module 4", "module int32-parcel.changed 5", "module text", "module 9", "module opens 9", "module lost"]);
        scope.ServiceProvider.GetRequiredService<Trail>().Steps.ShouldBe(["own 3", "own text"]);
    }
}
