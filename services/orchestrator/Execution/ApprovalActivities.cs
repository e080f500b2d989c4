using Dapper;
using Google.Protobuf;
using Mainstay.Orchestrator.Events;
using Mainstay.ServiceDefaults.Outbox;
using Temporalio.Activities;

namespace Mainstay.Orchestrator.Execution;

/// <summary>Shows people what waits for them, and records what they decide.</summary>
internal sealed class ApprovalActivities(RunStore runs, RunRecorder recorder, AuditOutbox outbox, TimeProvider clock)
{
    private const string Insert = """
        with requested as (
            insert into approval (task_id, tool_call_id, connector, tool_name, arguments, arguments_digest, reason, request_time, expire_time)
            values (@TaskId, @ToolCallId, @Connector, @ToolName, @Arguments::json, @ArgumentsDigest, @Reason, @RequestTime, @ExpireTime)
            on conflict (task_id, tool_call_id) do nothing
            returning task_id
        )
        update task
        set status = 'WaitingForApproval'
        from requested
        where task.task_id = requested.task_id and task.end_time is null
        """;

    private const string Decide = """
        update approval
        set decision = @Decision, decider = @Decider, comment = @Comment, decide_time = @DecideTime
        where task_id = @TaskId and tool_call_id = @ToolCallId and decision is null
        """;

    private const string GoOn = """
        update task
        set status = 'Running'
        where task_id = @TaskId and status = 'WaitingForApproval'
            and not exists (select from approval where task_id = @TaskId and decision is null)
        """;

    /// <summary>Shows a tool call to whoever may approve it.</summary>
    [Activity("request_approval")]
    public async Task RequestApprovalAsync(ApprovalRequest request)
    {
        var cancellationToken = ActivityExecutionContext.Current.CancellationToken;
        var (taskId, call) = (request.TaskId, request.Call);
        var run = await runs.ReadAsync(taskId, cancellationToken);
        var asked = (await runs.ReadMessageAsync(taskId, call.MessagePosition, cancellationToken)).ToolCalls[call.Index];
        var tool = run.Pinned.Tools.First(offered => offered.Name == asked.ToolName);
        var row = new
        {
            taskId,
            call.ToolCallId,
            tool.Connector,
            tool.ToolName,
            Arguments = JsonFormatter.Default.Format(asked.Arguments ?? new()),
            request.ArgumentsDigest,
            request.Reason,
            RequestTime = clock.GetUtcNow(),
            ExpireTime = new DateTimeOffset(request.ExpireTime, TimeSpan.Zero),
        };
        await recorder.RecordAsync(
            taskId,
            (connection, transaction) => connection.ExecuteAsync(new CommandDefinition(Insert, row, transaction, cancellationToken: cancellationToken)),
            cancellationToken,
            new NewTaskEvent($"approval/{call.ToolCallId}/requested", TaskEventTypes.ApprovalRequested, new Dictionary<string, object?>
            {
                ["tool_call_id"] = call.ToolCallId,
                ["connector"] = tool.Connector,
                ["tool_name"] = tool.ToolName,
                ["arguments_digest"] = request.ArgumentsDigest,
                ["reason"] = request.Reason,
                ["expire_time"] = row.ExpireTime.ToString("O"),
            }));
    }

    /// <summary>Records a decision with its audit event; a rejection is told to the model as the call's result.</summary>
    [Activity("record_decision")]
    public async Task RecordDecisionAsync(DecisionRecord record)
    {
        var cancellationToken = ActivityExecutionContext.Current.CancellationToken;
        var (taskId, call, decision) = (record.TaskId, record.Call, record.Decision);
        var run = await runs.ReadAsync(taskId, cancellationToken);
        var word = decision.IsApproved ? "approved" : decision.Decider.Length > 0 ? "rejected" : "expired";
        var row = new { taskId, call.ToolCallId, Decision = word, decision.Decider, decision.Comment, DecideTime = clock.GetUtcNow() };
        await recorder.RecordAsync(
            taskId,
            async (connection, transaction) =>
            {
                if (await connection.ExecuteAsync(new CommandDefinition(Decide, row, transaction, cancellationToken: cancellationToken)) == 0)
                {
                    return;
                }

                await connection.ExecuteAsync(new CommandDefinition(GoOn, row, transaction, cancellationToken: cancellationToken));
                if (!decision.IsApproved)
                {
                    var result = TranscriptMessages.ToolResult(call, $"A person did not allow this call: {decision.Comment}");
                    await RunStore.WriteMessageAsync(connection, transaction, taskId, call.ResultPosition, result, cancellationToken);
                }

                var decided = run.Audit(clock, "tool_approve", decision.IsApproved ? "allowed" : "denied");
                await outbox.AppendAsync(
                    connection,
                    transaction,
                    decided with
                    {
                        UserContext = decided.UserContext with { InitiatedBy = decision.Decider, OnBehalfOf = run.Initiator },
                        Attributes = new Dictionary<string, string> { ["tool_call_id"] = call.ToolCallId, ["decision"] = word, ["arguments_digest"] = decision.ArgumentsDigest },
                    },
                    cancellationToken);
            },
            cancellationToken,
            new NewTaskEvent($"approval/{call.ToolCallId}/received", TaskEventTypes.ApprovalReceived, new Dictionary<string, object?>
            {
                ["tool_call_id"] = call.ToolCallId,
                ["decision"] = word,
                ["decider"] = decision.Decider,
                ["comment"] = decision.Comment,
            }));
    }
}
