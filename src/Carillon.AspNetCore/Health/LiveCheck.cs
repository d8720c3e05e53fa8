using Carillon.Hosting;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Carillon.AspNetCore.Health;

/// <summary>Whether the process should be replaced.</summary>
internal sealed class LiveCheck(ICarillonHealth health) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(Findings.Result(context, health.FindDead()));
}
