using Carillon.Hosting;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Carillon.AspNetCore.Health;

/// <summary>Whether the process can do its work now.</summary>
internal sealed class ReadyCheck(ICarillonHealth health) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Findings.Result(context, await health.FindObstaclesAsync(cancellationToken).ConfigureAwait(false));
}
