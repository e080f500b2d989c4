using Dapper;
using Npgsql;

namespace Mainstay.ToolGateway.Invocation;

/// <summary>Deletes stored results once nobody will ask for them again; which approvals were used stays.</summary>
internal sealed partial class ForgetInvocations(
    NpgsqlDataSource database, IdempotencySettings settings, TimeProvider clock, ILogger<ForgetInvocations> logger) : BackgroundService
{
    private const string Delete = """
        delete from invocation
        where create_time < @Oldest and lease_until < @Now
        """;

    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    /// <summary>Deletes what is too old now.</summary>
    public async Task ExecuteOnceAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            Delete, new { Oldest = now - settings.Retention, Now = now }, cancellationToken: cancellationToken));
    }

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

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Old results were not deleted; trying again in an hour")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
