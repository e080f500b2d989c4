using Mainstay.TemporalServer.Executions;
using Mainstay.TemporalServer.Schedules;

namespace Mainstay.TemporalServer;

/// <summary>Follows the clock for as long as the server runs.</summary>
internal sealed class ServerClock(RunHost runs, ScheduleHost schedules) : BackgroundService
{
    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(runs.FollowClockAsync(stoppingToken), schedules.FollowClockAsync(stoppingToken));
}
