using System.Diagnostics;
using Dapper;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Mainstay.BusContracts;
using Mainstay.Orchestrator.Agents;
using Mainstay.Orchestrator.V1;
using Mainstay.ServiceDefaults.Authentication;
using Mainstay.ServiceDefaults.Outbox;
using Npgsql;
using Task = Mainstay.Orchestrator.V1.Task;

namespace Mainstay.Orchestrator.Tasks;

/// <summary>Accepts a run: once it is committed it will be run, whatever dies.</summary>
internal sealed partial class StartTask(
    NpgsqlDataSource database, GetAgent getAgent, GetTask getTask, HandOver handOver, AuditOutbox outbox, TimeProvider clock, ILogger<StartTask> logger)
{
    private static readonly TimeSpan HandOverPatience = TimeSpan.FromSeconds(2);

    // The row of an earlier call with the same request_id is left as it is, and told apart by its digest.
    private const string Insert = """
        insert into task (
            task_id, team, project, initiator, rbac_scope, request_id, request_digest,
            agent_id, agent, input, goal, permission_rules, trace_id, status, start_time)
        values (
            @TaskId, @Team, @Project, @Initiator, @RbacScope, @RequestId, @RequestDigest,
            @AgentId, @Agent::json, @Input::json, @Goal, @PermissionRules::json, @TraceId, 'Running', @StartTime)
        on conflict (team, initiator, request_id) do nothing
        """;

    private const string SelectRequest = """
        select task_id, request_digest
        from task
        where team = @Team and initiator = @Initiator and request_id = @RequestId
        """;

    public async Task<Task> ExecuteAsync(StartTaskRequest request, CallerContext caller, CancellationToken cancellationToken)
    {
        if (!caller.HasScope(TaskScopes.Run))
        {
            throw OrchestratorErrors.ScopeMissing(TaskScopes.Run);
        }

        var requestId = StartTaskChecks.Check(request);
        var agent = await getAgent.ExecuteAsync(request.AgentId, caller, cancellationToken);
        var row = new
        {
            TaskId = $"task-{Guid.CreateVersion7(clock.GetUtcNow()):n}",
            caller.Team,
            caller.Project,
            Initiator = caller.Principal,
            caller.RbacScope,
            RequestId = requestId,
            RequestDigest = StartTaskChecks.Digest(request),
            request.AgentId,
            Agent = JsonFormatter.Default.Format(agent),
            Input = JsonFormatter.Default.Format(request.Input ?? new Struct()),
            request.Goal,
            PermissionRules = PermissionRulesJson.Write(request.PermissionRules),
            TraceId = Activity.Current?.TraceId.ToHexString() ?? ActivityTraceId.CreateRandom().ToHexString(),
            StartTime = clock.GetUtcNow(),
        };

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using (var transaction = await connection.BeginTransactionAsync(cancellationToken))
        {
            if (await connection.ExecuteAsync(new CommandDefinition(Insert, row, transaction, cancellationToken: cancellationToken)) == 1)
            {
                await outbox.AppendAsync(connection, transaction, Announcement(row.TaskId, row.TraceId, agent, caller), cancellationToken);
            }

            await transaction.CommitAsync(cancellationToken);
        }

        var (taskId, digest) = await connection.QuerySingleAsync<(string, string)>(new CommandDefinition(SelectRequest, row, cancellationToken: cancellationToken));
        if (digest != row.RequestDigest)
        {
            throw OrchestratorErrors.RequestIdReused(request.RequestId);
        }

        await HandOverAsync(taskId, cancellationToken);
        return await getTask.ExecuteAsync(taskId, caller, cancellationToken);
    }

    // The task is accepted: an engine that does not answer now gets it from HandOverWaitingTasks.
    private async System.Threading.Tasks.Task HandOverAsync(string taskId, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(HandOverPatience, clock);
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            await handOver.ExecuteAsync(taskId, ends.Token);
        }
        catch (Exception e) when (e is Temporalio.Exceptions.RpcException || (e is OperationCanceledException && patience.IsCancellationRequested))
        {
            Log.Waits(logger, taskId, e);
        }
    }

    private AuditEvent Announcement(string taskId, string traceId, Agent agent, CallerContext caller) => new()
    {
        EventId = AuditEvent.NewId(clock),
        Timestamp = clock.GetUtcNow(),
        WorkflowId = taskId,
        AgentId = agent.AgentId,
        Action = "task_start",
        Result = "success",
        Service = "orchestrator",
        RbacScope = TaskScopes.Run,
        Resource = new AuditResource { ProjectId = caller.Project, DocumentId = taskId, DocumentName = agent.AgentId },
        UserContext = new AuditUserContext { InitiatedBy = caller.Subject, OnBehalfOf = caller.OnBehalfOf },
        TraceId = traceId,
    };

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "The engine does not answer; the task {TaskId} waits for it")]
        public static partial void Waits(ILogger logger, string taskId, Exception exception);
    }
}
