using Npgsql;

namespace Mainstay.Audit.Sinks;

/// <summary>Runs every sink at its own pace: a slow or failing one holds up none of the others.</summary>
internal sealed class ForwardEvents(IEnumerable<IAuditSink> sinks, NpgsqlDataSource database, TimeProvider clock, ILogger<SinkPump> logger) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(sinks.Select(sink => new SinkPump(sink, database, clock, logger).RunAsync(stoppingToken)));
}
