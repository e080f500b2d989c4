using System.Collections.Concurrent;
using Dapper;
using Npgsql;

namespace Mainstay.Audit.Recording;

/// <summary>The partitions of the trail, one for each month.</summary>
internal sealed class AuditPartitions
{
    private readonly ConcurrentDictionary<int, bool> known = new();

    /// <summary>Makes the partition of a time's month where it is missing.</summary>
    public void Ensure(NpgsqlConnection connection, DateTimeOffset moment)
    {
        var month = (moment.UtcDateTime.Year * 12) + moment.UtcDateTime.Month;
        if (!known.ContainsKey(month))
        {
            connection.Execute("select ensure_audit_partition(@moment)", new { moment });
            known[month] = true;
        }
    }

    /// <summary>Looks again next time: a partition that was there has been dropped.</summary>
    public void Forget() => known.Clear();
}

/// <summary>Makes the partitions of the months to come, so that no event waits for one.</summary>
internal sealed partial class PreparePartitions(AuditPartitions partitions, NpgsqlDataSource database, TimeProvider clock, ILogger<PreparePartitions> logger) : BackgroundService
{
    private const int MonthsAhead = 2;

    private static readonly TimeSpan Interval = TimeSpan.FromHours(6);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        do
        {
            try
            {
                await using var connection = await database.OpenConnectionAsync(stoppingToken);
                for (var month = 0; month <= MonthsAhead; month++)
                {
                    partitions.Ensure(connection, clock.GetUtcNow().AddMonths(month));
                }
            }
            catch (NpgsqlException exception)
            {
                // Whoever appends makes the partition in the worst case.
                Log.NotPrepared(logger, exception);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Could not make the partitions of the months to come; trying again later")]
        public static partial void NotPrepared(ILogger logger, Exception exception);
    }
}
