using Carillon.Listeners;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Carillon.Generators.Tests.Behaviour;

/// <summary>A running application with all listeners of this assembly, which have come to it in one of the ways, and one scope to dispatch from.</summary>
internal sealed class Stage : IAsyncDisposable
{
    private readonly IHost _host;
    private readonly AsyncServiceScope _scope;
    private readonly Way _way;

    private Stage(IHost host, Way way)
    {
        _host = host;
        _way = way;
        _scope = host.Services.CreateAsyncScope();
    }

    internal IServiceProvider Services => _host.Services;

    internal IEventDispatcher Events => _scope.ServiceProvider.GetRequiredService<IEventDispatcher>();

    internal IListenerRegistry Registry => _host.Services.GetRequiredService<IListenerRegistry>();

    internal Trail Trail => _scope.ServiceProvider.GetRequiredService<Trail>();

    internal IReadOnlyList<string> Steps => Trail.Steps;

    /// <summary>Starts an application.</summary>
    /// <param name="way">How its listeners come to it.</param>
    internal static async Task<Stage> StartAsync(Way way)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.ConfigureContainer(new DefaultServiceProviderFactory(new ServiceProviderOptions { ValidateScopes = true }));
        builder.Services.AddScoped<Trail>().AddKeyedSingleton("blue", "sky");
        builder.Services.AddCarillon(carillon => Add(carillon.UseBackground(), way));
        var host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        if (way == Way.WhileRunning)
        {
            var registry = host.Services.GetRequiredService<IListenerRegistry>();
            foreach (var listener in DescribedListeners.All)
            {
                registry.Add(listener);
            }
        }

        return new Stage(host, way);
    }

    internal async Task<TEvent> DispatchAsync<TEvent>(TEvent @event)
        where TEvent : notnull
    {
        using var further = _way == Way.GeneratedWithoutPlan ? Registry.Listen<TEvent>(_ => { }, priority: int.MinValue) : null;
        return await Events.DispatchAsync(@event, TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _scope.DisposeAsync();
        await _host.StopAsync(CancellationToken.None);
        _host.Dispose();
    }

    private static void Add(CarillonBuilder carillon, Way way)
    {
        switch (way)
        {
            case Way.Generated or Way.GeneratedWithoutPlan:
                carillon.AddListeners();
                break;
            case Way.GeneratedWithMiddleware:
                carillon.AddListeners().UseMiddleware(static (_, next, cancellationToken) => next.InvokeAsync(cancellationToken));
                break;
            case Way.GeneratedWithMiddlewareAroundListeners:
                carillon.AddListeners().UseTracing().UseListenerMiddleware(static (_, next, cancellationToken) => next.InvokeAsync(cancellationToken));
                break;
            case Way.OneByOne:
                foreach (var listener in DescribedListeners.All)
                {
                    carillon.AddListener(listener);
                }

                break;
            case Way.OtherProvider:
                carillon.AddProvider<OtherProvider>();
                break;
        }
    }
}
