using Grpc.Health.V1;
using Grpc.HealthCheck;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace Mainstay.ServiceDefaults.Hosting;

/// <summary>How long a service that is to stop still takes calls, so that whoever sends them learns of it.</summary>
internal sealed record DrainNotice(TimeSpan Length);

/// <summary>Says NOT_SERVING first, then lets the listener stop; calls under way run to their end.</summary>
internal sealed class Draining(HealthServiceImpl health, IHostApplicationLifetime lifetime, DrainNotice notice, TimeProvider clock) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        // A host that is stopped by call, not by signal, would say so only after this.
        lifetime.StopApplication();
        health.SetStatus("", HealthCheckResponse.Types.ServingStatus.NotServing);
        await Task.Delay(notice.Length, clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

/// <summary>Unhealthy from the moment the service is to stop.</summary>
internal sealed class DrainingHealthCheck(IHostApplicationLifetime lifetime) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(lifetime.ApplicationStopping.IsCancellationRequested
            ? HealthCheckResult.Unhealthy("The service is stopping.")
            : HealthCheckResult.Healthy());
}
