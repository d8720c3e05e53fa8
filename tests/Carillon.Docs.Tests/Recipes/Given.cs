// What the statements of a page take for granted, and the namespaces of .NET. Those of Carillon each page says itself.
global using System;
global using System.Collections.Generic;
global using System.IO;
global using System.Linq;
global using System.Threading;
global using System.Threading.Tasks;
global using Microsoft.Extensions.DependencyInjection;
global using Microsoft.Extensions.Hosting;
global using Microsoft.Extensions.Logging;
using Carillon;

/// <summary>Where the statements of a page run: a host that is being built, or one that is there with a scope to dispatch from.</summary>
public sealed class Given : IAsyncDisposable
{
    private readonly AsyncServiceScope? _scope;
    private bool _isDisposed;

    public HostApplicationBuilder? Builder { get; init; }

    public CarillonBuilder? Carillon { get; init; }

    public IHost? Application
    {
        get;
        init
        {
            field = value;
            _scope = value?.Services.CreateAsyncScope();
            Events = _scope?.ServiceProvider.GetRequiredService<IEventDispatcher>();
        }
    }

    public IEventDispatcher? Events { get; private init; }

    public CancellationToken Cancellation { get; init; }

    public T Get<T>()
        where T : notnull => _scope!.Value.ServiceProvider.GetRequiredService<T>();

    public void Deconstruct(out HostApplicationBuilder builder, out CarillonBuilder carillon, out IHost application, out IEventDispatcher events, out CancellationToken ct) =>
        (builder, carillon, application, events, ct) = (Builder!, Carillon!, Application!, Events!, Cancellation);

    /// <summary>A host that a page configures, started.</summary>
    public static async Task<Given> StartAsync(CancellationToken cancellation, Func<Given, Task> configure, Action<IServiceCollection>? services = null, Action<CarillonBuilder>? test = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        services?.Invoke(builder.Services);
        CarillonBuilder? said = null;
        builder.Services.AddCarillon(carillon => said = carillon);
        await configure(new Given { Builder = builder, Carillon = said, Cancellation = cancellation });
        if (test is not null)
        {
            builder.Services.AddCarillon(test);
        }

        var host = builder.Build();
        await host.StartAsync(cancellation);
        return new Given { Application = host, Cancellation = cancellation };
    }

    /// <summary>A second call does nothing: a test may stop its application before the end.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        if (_scope is { } scope)
        {
            await scope.DisposeAsync();
        }

        if (Application is not null)
        {
            await Application.StopAsync(CancellationToken.None);
            Application.Dispose();
        }
    }
}
