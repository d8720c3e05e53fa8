using System.Diagnostics.Metrics;
using Carillon.RabbitMq;
using Carillon.RabbitMq.Transports;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Carillon;

/// <summary>Chooses RabbitMQ.</summary>
public static class RabbitMqCarillonBuilderExtensions
{
    /// <summary>Carries events between applications by RabbitMQ 3.10 or later.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="address">Where the broker is and who we are there: <c>amqp://user:password@host:5672/vhost</c>, or <c>amqps://</c> for TLS. It is checked when the host starts.</param>
    public static CarillonBuilder UseRabbitMq(this CarillonBuilder builder, string address) =>
        builder.UseRabbitMq(options => options.Connection.Address = address);

    /// <inheritdoc cref="UseRabbitMq(CarillonBuilder, string)"/>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Says how the broker is reached, which exchange events are published to, which kind of queues there are.</param>
    public static CarillonBuilder UseRabbitMq(this CarillonBuilder builder, Action<RabbitMqOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);
        builder.Services.Configure(configure);
        return builder.UseTransport(static services => new RabbitMqTransport(
            services.GetRequiredService<IOptions<RabbitMqOptions>>().Value,
            services.GetRequiredService<TimeProvider>(),
            services.GetService<ILoggerFactory>(),
            services.GetService<IMeterFactory>()));
    }
}
