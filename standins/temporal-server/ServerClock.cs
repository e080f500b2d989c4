using Mainstay.TemporalServer.Executions;

namespace Mainstay.TemporalServer;

/// <summary>Follows the clock for as long as the server runs.</summary>
internal sealed class ServerClock(RunHost host) : BackgroundService
{
    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => host.FollowClockAsync(stoppingToken);
}
