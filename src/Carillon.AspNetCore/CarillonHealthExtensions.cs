using Carillon.AspNetCore.Health;
using Carillon.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Carillon;

/// <summary>Whether a process is alive and ready, over HTTP.</summary>
public static class CarillonHealthExtensions
{
    /// <summary>The tag of checks that tell whether the process should be replaced.</summary>
    public const string LiveTag = "live";

    /// <summary>The tag of checks that tell whether the process can do its work now.</summary>
    public const string ReadyTag = "ready";

    private const string LiveName = "carillon-live";
    private const string ReadyName = "carillon";

    /// <summary>
    /// Adds two checks: <c>carillon-live</c>, tagged <see cref="LiveTag"/>, which fails when a part of the worker has ended, and <c>carillon</c>, tagged <see cref="ReadyTag"/>, which
    /// fails while the host starts or stops, and while the delivery store or the transport does not answer. A second call does nothing.
    /// </summary>
    /// <param name="builder">What AddHealthChecks gives.</param>
    /// <param name="timeout">How long the store and the transport have to answer. Defaults to 5 seconds.</param>
    /// <exception cref="ArgumentOutOfRangeException">The time-out is not above zero.</exception>
    public static IHealthChecksBuilder AddCarillon(this IHealthChecksBuilder builder, TimeSpan? timeout = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var patience = timeout ?? TimeSpan.FromSeconds(5);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(patience, TimeSpan.Zero, nameof(timeout));
        builder.Services.Configure<HealthCheckServiceOptions>(options => Register(options.Registrations, patience));
        return builder;
    }

    /// <summary>
    /// Maps <c>PREFIX/live</c> and <c>PREFIX/ready</c>, which run the checks with these tags, Carillon's and the application's own, and answer 200 or 503. They say no more than
    /// the outcome; the reasons are in the log of the health checks.
    /// </summary>
    /// <param name="endpoints">The routes of the application.</param>
    /// <param name="prefix">Where they are. Defaults to <c>/health</c>.</param>
    /// <returns>Both, to say more of them, such as which host they belong to.</returns>
    /// <exception cref="InvalidOperationException">AddHealthChecks was not called.</exception>
    public static RouteGroupBuilder MapCarillonHealth(this IEndpointRouteBuilder endpoints, string prefix = "/health")
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(prefix);
        var group = endpoints.MapGroup(prefix);
        group.MapHealthChecks("/live", Only(LiveTag));
        group.MapHealthChecks("/ready", Only(ReadyTag));
        return group;
    }

    private static HealthCheckOptions Only(string tag) => new() { Predicate = check => check.Tags.Contains(tag) };

    private static void Register(ICollection<HealthCheckRegistration> registrations, TimeSpan patience)
    {
        if (registrations.Any(static registration => registration.Name == ReadyName))
        {
            return;
        }

        registrations.Add(new(LiveName, static services => new LiveCheck(Health(services)), null, [LiveTag], patience));
        registrations.Add(new(ReadyName, static services => new ReadyCheck(Health(services)), null, [ReadyTag], patience));
    }

    private static ICarillonHealth Health(IServiceProvider services) => services.GetService<ICarillonHealth>()
        ?? throw new InvalidOperationException("The health checks of Carillon need its services: call builder.Services.AddCarillon(...) before the application is built.");
}
