using Microsoft.Extensions.Diagnostics.HealthChecks;
using Temporalio.Client;
using Temporalio.Exceptions;

namespace Mainstay.Orchestrator.Engine;

/// <summary>
/// Whether the workflow engine answers. Without it the service is degraded, not unready: it accepts tasks, which wait for the engine.
/// </summary>
internal sealed class EngineHealthCheck(ITemporalClient engine) : IHealthCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            return await engine.Connection.CheckHealthAsync(options: new RpcOptions { Timeout = Patience, CancellationToken = cancellationToken })
                ? HealthCheckResult.Healthy()
                : HealthCheckResult.Degraded("The workflow engine is not serving.");
        }
        catch (Exception e) when (e is RpcException or InvalidOperationException)
        {
            return HealthCheckResult.Degraded("The workflow engine does not answer.", e);
        }
    }
}
