using Grpc.Core;
using Grpc.Net.Client;
using Mainstay.Audit.V1;
using Mainstay.LocalStack;
using RunTask = Mainstay.Orchestrator.V1.Task;
using TaskStatus = Mainstay.Orchestrator.V1.TaskStatus;

namespace Mainstay.Demo;

/// <summary>One claim of Mainstay's, held against what really happened.</summary>
internal sealed record Finding(string Claim, bool Holds, string Evidence);

/// <summary>Holds the demo to its claims.</summary>
internal static class Findings
{
    public static async Task<IReadOnlyList<Finding>> CheckAsync(
        LocalEnvironment environment,
        RunTask task,
        CommissioningRun run,
        IReadOnlyList<AuditEntry> trail,
        Workspace workspace,
        ModelChoice model,
        CancellationToken cancellationToken)
    {
        var findings = new List<Finding>
        {
            new("The task completed with an answer that validates", task.Status == TaskStatus.Completed && task.Result is not null, $"{task.Status}, {task.TerminationReason}"),
            new("Its events have no gap", run.Events.Select(taskEvent => taskEvent.Sequence).SequenceEqual(Enumerable.Range(1, run.Events.Count).Select(sequence => (long)sequence)), $"1 to {run.Events.Count}"),
            OnceEach("Every model call was billed once", trail, "llm-gateway", task.Iteration),
            OnceEach("Every tool call was made once", trail, "tool-gateway", null),
            OneTrace(task, trail),
            new("The sheets are untouched", workspace.SheetsAreUntouched, workspace.Path),
        };
        findings.Add(await ChainAsync(environment, cancellationToken));
        if (model.IsRehearsal)
        {
            findings.Add(new("The orchestrator was killed in the middle", run.Crashed, "SIGKILL during the third model call"));
            findings.Add(new("A rule refused the write to a sheet", run.Events.Any(taskEvent => taskEvent.Type == "tool_call.denied"), "tool_call.denied"));
            findings.Add(new("The report was written after a person's approval", File.Exists(workspace.Report) && run.Events.Any(taskEvent => taskEvent.Type == "human_approval.received"), workspace.Report));
        }

        return findings;
    }

    // What was done is in the trail, written in the transaction of what it reports; an activity that did it twice would be there twice.
    private static Finding OnceEach(string claim, IReadOnlyList<AuditEntry> trail, string service, int? expected)
    {
        var done = trail.Where(entry => entry.Service == service && entry.Result == "success").ToList();
        var activities = done.Select(entry => entry.ActivityId.Length > 0 ? entry.ActivityId : entry.EventId).Distinct().Count();
        return new Finding(claim, done.Count > 0 && done.Count == activities && (expected is null || done.Count == expected), $"{done.Count} in the audit trail{(expected is null ? "" : $", {expected} iterations")}");
    }

    // From the caller's gRPC call through the workflow's activities and the gateways' calls to the bus.
    private static Finding OneTrace(RunTask task, IReadOnlyList<AuditEntry> trail)
    {
        var calls = trail.Where(entry => entry.Service is "llm-gateway" or "tool-gateway").ToList();
        return new Finding(
            "One trace leads from the caller to every model and tool call", calls.Count > 0 && calls.All(entry => entry.TraceId == task.TraceId), $"{calls.Count} calls in trace {task.TraceId}");
    }

    private static async Task<Finding> ChainAsync(LocalEnvironment environment, CancellationToken cancellationToken)
    {
        using var channel = GrpcChannel.ForAddress(environment.Endpoints.Services["audit"].Grpc);
        var auditor = new Metadata { { "authorization", $"Bearer {environment.MintToken(new() { Subject = "audit@plant.example", Scope = "audit:read" })}" } };
        var chain = await new AuditService.AuditServiceClient(channel).VerifyChainAsync(new VerifyChainRequest(), auditor, cancellationToken: cancellationToken);
        return new Finding("The audit trail's hash chain verifies", chain.Intact, $"{chain.CheckedCount} entries{(chain.Intact ? "" : $": {chain.Finding}")}");
    }
}
