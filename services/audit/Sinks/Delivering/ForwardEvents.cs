using Npgsql;

namespace Mainstay.Audit.Sinks.Delivering;

/// <summary>Runs every sink at its own pace: a slow or failing one holds up none of the others.</summary>
internal sealed class ForwardEvents(
    SinkSet sinks, SinkStore store, SinkHolds holds, SinkTelemetry telemetry, NpgsqlDataSource database, TimeProvider clock, ILogger<SinkRunner> logger) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(sinks.Sinks.Select(sink => new SinkRunner(sink, store, holds, telemetry, database, clock, logger).RunAsync(stoppingToken)));
}
