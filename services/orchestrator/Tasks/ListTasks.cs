using Dapper;
using Mainstay.Orchestrator.Approvals;
using Mainstay.Orchestrator.V1;
using Mainstay.ServiceDefaults.Authentication;
using Npgsql;

namespace Mainstay.Orchestrator.Tasks;

/// <summary>Lists the tasks of the caller's project, newest first.</summary>
internal sealed class ListTasks(NpgsqlDataSource database)
{
    // Task ids sort by time, so a page begins below an id and costs the same however deep it lies.
    private const string Select = $"""
        select {TaskRow.Columns}
        from task
        where team = @Team and project = @Project
            and (@Before = '' or task_id < @Before)
            and (@AgentId = '' or agent_id = @AgentId)
        order by task_id desc
        limit @Limit
        """;

    public async Task<ListTasksResponse> ExecuteAsync(ListTasksRequest request, CallerContext caller, CancellationToken cancellationToken)
    {
        var pageSize = PageSize.Of(request.PageSize);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var rows = (await connection.QueryAsync<TaskRow>(new CommandDefinition(
            Select,
            new { caller.Team, caller.Project, Before = request.PageToken, request.AgentId, Limit = pageSize + 1 },
            cancellationToken: cancellationToken))).ToList();

        var page = rows.Take(pageSize).ToList();
        var approvals = await PendingApprovals.ReadAsync(connection, [.. page.Select(row => row.TaskId)], cancellationToken);
        return new ListTasksResponse
        {
            Tasks = { page.Select(row => row.ToTask(approvals[row.TaskId])) },
            NextPageToken = rows.Count > pageSize ? page[^1].TaskId : "",
        };
    }
}
