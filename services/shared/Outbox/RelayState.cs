using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Mainstay.ServiceDefaults.Outbox;

/// <summary>How the relay is doing.</summary>
internal sealed class RelayState
{
    private volatile string problem = "Not connected to RabbitMQ yet.";

    /// <summary>Why events wait; empty while they go out.</summary>
    public string Problem
    {
        get => problem;
        set => problem = value;
    }
}

/// <summary>
/// Degraded, not unhealthy, while the relay is held up: the service still does its work and its events wait in the outbox. Taking every
/// service out of rotation because the broker is away would turn late reports into an outage.
/// </summary>
internal sealed class RelayHealthCheck(RelayState state) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(state.Problem.Length == 0 ? HealthCheckResult.Healthy() : HealthCheckResult.Degraded($"{state.Problem} Events wait in the outbox."));
}
