using Mainstay.Orchestrator.Events;
using Mainstay.ServiceDefaults.Canonical;
using Mainstay.ServiceDefaults.Outbox;
using Mainstay.Tools.V1;
using Temporalio.Activities;

namespace Mainstay.Orchestrator.Execution;

/// <summary>Calls tools.</summary>
internal sealed class ToolActivities(RunStore runs, RunRecorder recorder, ToolService.ToolServiceClient tools, AuditOutbox outbox, TimeProvider clock)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(290);

    /// <summary>Makes a tool call, once however often this is tried, unless a rule asks for a person's approval first.</summary>
    [Activity("execute_mcp_tool")]
    public async Task<ToolRunResult> ExecuteMcpToolAsync(ToolRun request)
    {
        var cancellationToken = ActivityExecutionContext.Current.CancellationToken;
        var call = request.Call;
        var run = await runs.ReadAsync(request.TaskId, cancellationToken);
        var asked = (await runs.ReadMessageAsync(request.TaskId, call.MessagePosition, cancellationToken)).ToolCalls[call.Index];
        var tool = run.Pinned.Tools.FirstOrDefault(offered => offered.Name == asked.ToolName);
        if (tool is null)
        {
            await RefuseUnknownAsync(run, call, asked.ToolName, cancellationToken);
            return new ToolRunResult(false, "", "");
        }

        var arguments = asked.Arguments ?? new();
        var digest = CanonicalJson.Digest(arguments.ToJsonObject());
        await recorder.RecordAsync(request.TaskId, cancellationToken, new NewTaskEvent(
            $"tool/{call.ToolCallId}/started", TaskEventTypes.ToolCallStarted, Facts(tool, call, ("arguments_digest", digest))));
        var response = await PeerCall.RunAsync("tool-gateway", clock, async token => await tools.CallToolAsync(
            new CallToolRequest
            {
                Connector = tool.Connector,
                ToolName = tool.ToolName,
                Arguments = arguments,
                Scope = run.Scope,
                IdempotencyKey = PeerCall.IdempotencyKey,
                Approval = request.Approval is not { } approval ? null : new Approval
                {
                    ApprovalId = $"{run.TaskId}/{call.ToolCallId}",
                    Approver = approval.Decider,
                    ArgumentsDigest = approval.ArgumentsDigest,
                },
            },
            run.ActingForInitiator,
            (clock.GetUtcNow() + Deadline).UtcDateTime,
            token));
        if (response.Outcome == CallOutcome.NeedsApproval)
        {
            return new ToolRunResult(true, digest, $"{response.Decision.RuleName}: {response.Decision.Reason}");
        }

        await recorder.RecordAsync(
            request.TaskId,
            (connection, transaction) => RunStore.WriteMessageAsync(
                connection, transaction, request.TaskId, call.ResultPosition, TranscriptMessages.ToolResult(call, TextFor(response)), cancellationToken),
            cancellationToken,
            new NewTaskEvent($"tool/{call.ToolCallId}/ended", TypeFor(response.Outcome), Facts(
                tool,
                call,
                ("latency_ms", response.LatencyMs),
                ("replayed", response.Replayed),
                ("rule", response.Decision?.RuleName ?? ""),
                ("level", response.Decision?.Level.ToString() ?? ""),
                ("reason", response.Decision?.Reason ?? ""))));
        return new ToolRunResult(false, digest, "");
    }

    private async Task RefuseUnknownAsync(RunContext run, ToolCallReference call, string toolName, CancellationToken cancellationToken)
    {
        var reason = $"There is no tool '{toolName}' in this run; use one of those that were offered.";
        await recorder.RecordAsync(
            run.TaskId,
            async (connection, transaction) =>
            {
                await RunStore.WriteMessageAsync(connection, transaction, run.TaskId, call.ResultPosition, TranscriptMessages.ToolResult(call, reason), cancellationToken);
                await outbox.AppendAsync(
                    connection, transaction, run.Audit(clock, "tool_call", "denied") with { Attributes = new Dictionary<string, string> { ["reason"] = reason } }, cancellationToken);
            },
            cancellationToken,
            new NewTaskEvent($"tool/{call.ToolCallId}/ended", TaskEventTypes.ToolCallDenied, new Dictionary<string, object?> { ["tool_call_id"] = call.ToolCallId, ["reason"] = reason }));
    }

    private static string TextFor(CallToolResponse response) => response.Outcome switch
    {
        CallOutcome.Denied => $"Refused by the rule '{response.Decision.RuleName}' (level {response.Decision.Level.ToString().ToLowerInvariant()}): {response.Decision.Reason}",
        CallOutcome.Failed => $"The tool failed: {response.Output}",
        _ => response.Output,
    };

    private static string TypeFor(CallOutcome outcome) => outcome switch
    {
        CallOutcome.Succeeded => TaskEventTypes.ToolCallCompleted,
        CallOutcome.Denied => TaskEventTypes.ToolCallDenied,
        _ => TaskEventTypes.ToolCallFailed,
    };

    private static Dictionary<string, object?> Facts(OfferedTool tool, ToolCallReference call, params (string Name, object? Value)[] facts)
    {
        var all = facts.ToDictionary(fact => fact.Name, fact => fact.Value);
        all["tool_call_id"] = call.ToolCallId;
        all["connector"] = tool.Connector;
        all["tool_name"] = tool.ToolName;
        return all;
    }
}
