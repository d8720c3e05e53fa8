using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Carillon.AspNetCore.Health;

internal static class Findings
{
    internal static HealthCheckResult Result(HealthCheckContext context, IReadOnlyList<string> findings) =>
        findings.Count == 0 ? HealthCheckResult.Healthy() : new HealthCheckResult(context.Registration.FailureStatus, string.Join(' ', findings));
}
