using Dapper;
using Npgsql;

namespace Mainstay.Orchestrator.Tasks;

/// <summary>Gives the engine the tasks that were accepted while it did not answer, or whose orchestrator died in between.</summary>
internal sealed partial class HandOverWaitingTasks(NpgsqlDataSource database, HandOver handOver, TimeProvider clock, ILogger<HandOverWaitingTasks> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private const string Select = """
        select task_id
        from task
        where not is_handed_over and start_time < @Before
        order by start_time
        limit 100
        """;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        do
        {
            try
            {
                await HandOverAllAsync(stoppingToken);
            }
            catch (Exception e) when (e is NpgsqlException or Temporalio.Exceptions.RpcException)
            {
                Log.Waiting(logger, e);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task HandOverAllAsync(CancellationToken cancellationToken)
    {
        // A task younger than the interval is still in the hands of the call that accepted it.
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var waiting = await connection.QueryAsync<string>(new CommandDefinition(
            Select, new { Before = clock.GetUtcNow() - Interval }, cancellationToken: cancellationToken));
        foreach (var taskId in waiting)
        {
            await handOver.ExecuteAsync(taskId, cancellationToken);
            Log.HandedOver(logger, taskId);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "Handed the waiting task {TaskId} to the engine")]
        public static partial void HandedOver(ILogger logger, string taskId);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Waiting tasks could not be handed to the engine; trying again")]
        public static partial void Waiting(ILogger logger, Exception exception);
    }
}
