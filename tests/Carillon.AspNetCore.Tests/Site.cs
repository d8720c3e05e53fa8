using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Carillon.AspNetCore.Tests;

/// <summary>A web application under test, with a few addresses, on a server in memory or on a real one.</summary>
internal sealed class Site : IAsyncDisposable
{
    private readonly WebApplication _application;

    private Site(WebApplication application, HttpClient client, RecordingLoggerProvider log)
    {
        _application = application;
        Client = client;
        Log = log;
    }

    internal HttpClient Client { get; }

    internal RecordingLoggerProvider Log { get; }

    internal IServiceProvider Services => _application.Services;

    internal static Task<Site> StartAsync(Action<CarillonBuilder> configure, Action<WebApplication>? map = null, Action<IServiceCollection>? services = null) =>
        StartAsync(configure, map, services, inMemory: true);

    /// <summary>On Kestrel, at a port of the loopback that the system chooses.</summary>
    internal static Task<Site> StartOnKestrelAsync(Action<CarillonBuilder> configure, Action<WebApplication>? map = null) =>
        StartAsync(configure, map, null, inMemory: false);

    private static async Task<Site> StartAsync(
        Action<CarillonBuilder> configure, Action<WebApplication>? map, Action<IServiceCollection>? services, bool inMemory)
    {
        var log = new RecordingLoggerProvider();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddProvider(log);
        if (inMemory)
        {
            builder.WebHost.UseTestServer();
        }
        else
        {
            builder.WebHost.UseKestrel().UseUrls("http://127.0.0.1:0");
        }

        services?.Invoke(builder.Services);
        builder.Services.AddCarillon(configure);
        var application = builder.Build();
        application.UseRequestEvents();
        // Said here, since a web application puts it before everything else otherwise: a changed path would come too late.
        application.UseRouting();
        map?.Invoke(application);
        application.MapGet("/hello", (HttpContext context) => $"hello {context.Request.Headers["Name"]}");
        application.MapGet("/broken", void () => throw new FormatException("broken"));
        application.MapGet("/bad", void () => throw new BadHttpRequestException("bad", StatusCodes.Status413PayloadTooLarge));
        await application.StartAsync(TestContext.Current.CancellationToken);
        var client = inMemory ? application.GetTestClient() : new HttpClient { BaseAddress = new Uri(application.Urls.Single()) };
        return new Site(application, client, log);
    }

    internal Task StopAsync() => _application.StopAsync(TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _application.StopAsync(CancellationToken.None);
        await _application.DisposeAsync();
    }
}
