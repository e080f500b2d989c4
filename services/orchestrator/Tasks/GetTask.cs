using Dapper;
using Mainstay.Orchestrator.Approvals;
using Mainstay.ServiceDefaults.Authentication;
using Npgsql;
using Task = Mainstay.Orchestrator.V1.Task;

namespace Mainstay.Orchestrator.Tasks;

/// <summary>Reads a task of the caller's project.</summary>
internal sealed class GetTask(NpgsqlDataSource database)
{
    private const string Select = $"""
        select {TaskRow.Columns}
        from task
        where task_id = @TaskId and ((team = @Team and project = @Project) or @SeesAll)
        """;

    public async Task<Task> ExecuteAsync(string taskId, CallerContext caller, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var row = await connection.QuerySingleOrDefaultAsync<TaskRow>(new CommandDefinition(
            Select, new { taskId, caller.Team, caller.Project, SeesAll = caller.IsAdmin }, cancellationToken: cancellationToken));
        if (row is null)
        {
            throw OrchestratorErrors.TaskNotFound(taskId);
        }

        var approvals = await PendingApprovals.ReadAsync(connection, [taskId], cancellationToken);
        return row.ToTask(approvals[taskId]);
    }
}
