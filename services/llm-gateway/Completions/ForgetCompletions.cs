using Dapper;
using Npgsql;

namespace Mainstay.LlmGateway.Completions;

/// <summary>Deletes stored answers once nobody will ask for them again.</summary>
internal sealed partial class ForgetCompletions(
    NpgsqlDataSource database, IdempotencySettings settings, TimeProvider clock, ILogger<ForgetCompletions> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    private const string Delete = "delete from completion where create_time < now() - @Retention and lease_until < now()";

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        do
        {
            try
            {
                await ExecuteOnceAsync(stoppingToken);
            }
            catch (NpgsqlException exception)
            {
                Log.Failed(logger, exception);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    /// <summary>Deletes what is too old now.</summary>
    public async Task ExecuteOnceAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(Delete, new { settings.Retention }, cancellationToken: cancellationToken));
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Old answers were not deleted; trying again in an hour")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
