using Dapper;
using Mainstay.BusContracts;
using Mainstay.Orchestrator.Execution;
using Mainstay.ServiceDefaults.Authentication;
using Mainstay.ServiceDefaults.Outbox;
using Npgsql;
using Temporalio.Client;
using Task = System.Threading.Tasks.Task;

namespace Mainstay.Orchestrator.Tasks;

/// <summary>Pauses, resumes and cancels runs.</summary>
internal sealed class SteerTask(NpgsqlDataSource database, GetTask getTask, HandOver handOver, ITemporalClient engine, AuditOutbox outbox, TimeProvider clock)
{
    private const int MostReasonCharacters = 1024;

    private const string SelectHandedOver = """
        select is_handed_over
        from task
        where task_id = @TaskId
        """;

    public Task PauseAsync(string taskId, string reason, CallerContext caller, CancellationToken cancellationToken) =>
        SteerAsync("task_pause", taskId, reason, caller, run => run.SignalAsync(workflow => workflow.PauseAsync(reason), Signal(cancellationToken)), cancellationToken);

    public Task ResumeAsync(string taskId, string reason, CallerContext caller, CancellationToken cancellationToken) =>
        SteerAsync("task_resume", taskId, reason, caller, run => run.SignalAsync(workflow => workflow.ResumeAsync(reason), Signal(cancellationToken)), cancellationToken);

    public Task CancelAsync(string taskId, string reason, CallerContext caller, CancellationToken cancellationToken) =>
        SteerAsync("task_cancel", taskId, reason, caller, run => run.CancelAsync(new() { Rpc = new() { CancellationToken = cancellationToken } }), cancellationToken);

    private async Task SteerAsync(
        string action,
        string taskId,
        string reason,
        CallerContext caller,
        Func<WorkflowHandle<AgentExecutionWorkflow>, Task> steer,
        CancellationToken cancellationToken)
    {
        if (!caller.HasScope(TaskScopes.Run))
        {
            throw OrchestratorErrors.ScopeMissing(TaskScopes.Run);
        }

        if (reason.Length > MostReasonCharacters)
        {
            throw OrchestratorErrors.FieldInvalid(("reason", $"must be at most {MostReasonCharacters} characters"));
        }

        var task = await getTask.ExecuteAsync(taskId, caller, cancellationToken);
        if (task.EndTime is not null)
        {
            throw OrchestratorErrors.TaskClosed(taskId);
        }

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        if (!await connection.QuerySingleAsync<bool>(new CommandDefinition(SelectHandedOver, new { taskId }, cancellationToken: cancellationToken)))
        {
            await handOver.ExecuteAsync(taskId, cancellationToken);
        }

        await EngineFailures.TranslateAsync(taskId, () => steer(engine.GetWorkflowHandle<AgentExecutionWorkflow>(taskId)));
        await outbox.AppendAsync(connection, null, Announcement(action, task.AgentId, taskId, reason, caller), cancellationToken);
    }

    private static WorkflowSignalOptions Signal(CancellationToken cancellationToken) => new() { Rpc = new RpcOptions { CancellationToken = cancellationToken } };

    private AuditEvent Announcement(string action, string agentId, string taskId, string reason, CallerContext caller) => new()
    {
        EventId = AuditEvent.NewId(clock),
        Timestamp = clock.GetUtcNow(),
        WorkflowId = taskId,
        AgentId = agentId,
        Action = action,
        Result = "success",
        Service = "orchestrator",
        RbacScope = TaskScopes.Run,
        Resource = new AuditResource { ProjectId = caller.Project, DocumentId = taskId },
        UserContext = new AuditUserContext { InitiatedBy = caller.Subject, OnBehalfOf = caller.OnBehalfOf },
        Attributes = new Dictionary<string, string> { ["reason"] = reason },
    };
}
