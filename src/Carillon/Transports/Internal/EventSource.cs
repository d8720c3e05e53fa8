using Carillon.Envelopes.Internal;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Carillon.Transports.Internal;

/// <summary>What this application says of itself in the events that it sends, and how it writes them.</summary>
internal sealed class EventSource(IOptions<TransportOptions> options, IServiceProvider services)
{
    internal CloudEventWriter Writer { get; } = new(
        options.Value.Source ?? Uri.EscapeDataString(services.GetService<IHostEnvironment>()?.ApplicationName is { Length: > 0 } name ? name : "carillon"),
        options.Value.Structured);
}
