using Carillon.Redis;
using Carillon.Redis.Transports;
using Carillon.Transports;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Carillon;

/// <summary>Chooses Redis.</summary>
public static class RedisCarillonBuilderExtensions
{
    /// <summary>Carries events between applications by Redis Streams.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="server">The server: <c>queue:6379</c>, or <c>rediss://user:password@queue:6379</c>. It is checked when the host starts.</param>
    /// <param name="configure">How events leave and arrive, whatever the transport.</param>
    public static CarillonBuilder UseRedis(this CarillonBuilder builder, string server, Action<TransportOptions>? configure = null) =>
        builder.UseRedis(options => options.Server = server, configure);

    /// <inheritdoc cref="UseRedis(CarillonBuilder, string, Action{TransportOptions})"/>
    /// <param name="builder">The builder.</param>
    /// <param name="redis">Says where the server is, who lets us in, how events are kept.</param>
    /// <param name="configure">How events leave and arrive, whatever the transport.</param>
    public static CarillonBuilder UseRedis(this CarillonBuilder builder, Action<RedisOptions> redis, Action<TransportOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(redis);
        return builder.UseTransport(
            services =>
            {
                var options = new RedisOptions();
                redis(options);
                return new RedisTransport(options, services.GetRequiredService<TimeProvider>(), services.GetService<ILoggerFactory>());
            },
            configure);
    }
}
