using Dapper;
using Npgsql;

namespace Mainstay.Audit.Sinks.Delivering;

/// <summary>Measures at intervals how far each sink is behind.</summary>
internal sealed partial class MeasureSinks(SinkSet sinks, SinkTelemetry telemetry, NpgsqlDataSource database, TimeProvider clock, ILogger<MeasureSinks> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private const string Select = $"""
        select state.sink_name, ({ReadTrail.SelectLast}) - state.sequence as events, waiting.store_time
        from sink_state state
        left join lateral (
            select store_time
            from audit_event
            where sequence > state.sequence
            order by sequence
            limit 1
        ) waiting on true
        where state.sink_name = any(@Names)
        """;

    /// <summary>How far the sinks are behind now.</summary>
    public static async Task<IReadOnlyList<SinkLag>> ReadAsync(NpgsqlConnection connection, string[] names, DateTimeOffset now, CancellationToken cancellationToken) =>
        [.. (await connection.QueryAsync<(string Name, long Events, DateTime? StoreTime)>(new CommandDefinition(Select, new { names }, cancellationToken: cancellationToken)))
            .Select(row => new SinkLag(row.Name, row.Events, row.StoreTime is { } time && now.UtcDateTime > time ? now.UtcDateTime - time : TimeSpan.Zero))];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var names = sinks.Sinks.Select(sink => sink.Name).ToArray();
        using var timer = new PeriodicTimer(Interval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await using var connection = await database.OpenConnectionAsync(stoppingToken);
                foreach (var lag in await ReadAsync(connection, names, clock.GetUtcNow(), stoppingToken))
                {
                    telemetry.Measured(lag);
                }
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                Log.NotMeasured(logger, exception);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Debug, Message = "The sinks could not be measured")]
        public static partial void NotMeasured(ILogger logger, Exception exception);
    }
}
