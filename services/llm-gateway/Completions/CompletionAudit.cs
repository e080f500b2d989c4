using System.Globalization;
using Mainstay.BusContracts;
using Mainstay.Llm.V1;

namespace Mainstay.LlmGateway.Completions;

/// <summary>Words audit events about completions; what was asked and answered stays out.</summary>
internal static class CompletionAudit
{
    public static AuditEvent Succeeded(TimeProvider clock, CompletionJob job, Usage usage, TimeSpan latency) =>
        Of(clock, job, "success", latency, ("input_tokens", Text(usage.InputTokens)), ("output_tokens", Text(usage.OutputTokens)), ("cost_micro_usd", Text(usage.CostMicroUsd)));

    public static AuditEvent Failed(TimeProvider clock, CompletionJob job, string reason, TimeSpan latency) => Of(clock, job, "failure", latency, ("reason", reason));

    private static AuditEvent Of(TimeProvider clock, CompletionJob job, string result, TimeSpan latency, params (string Name, string Value)[] attributes) => new()
    {
        EventId = AuditEvent.NewId(clock),
        Timestamp = clock.GetUtcNow(),
        WorkflowId = job.Input.WorkflowId,
        ActivityId = ActivityOf(job.Input),
        AgentId = job.Input.AgentId,
        Action = "llm_completion",
        Result = result,
        Service = "llm-gateway",
        RbacScope = job.Caller.RbacScope,
        Resource = new AuditResource { Connector = job.Route.Provider, ProjectId = job.Caller.Project, DocumentName = job.Route.UpstreamModel },
        UserContext = new AuditUserContext { InitiatedBy = job.Caller.Subject, OnBehalfOf = job.Caller.OnBehalfOf },
        LatencyMs = (long)latency.TotalMilliseconds,
        Attributes = attributes.Append(("model", job.Route.Model)).ToDictionary(attribute => attribute.Item1, attribute => attribute.Item2),
    };

    // A workflow's key is <workflow id>/<run>/<activity id>.
    private static string ActivityOf(CompletionInput input) =>
        input.WorkflowId.Length > 0 && input.IdempotencyKey.StartsWith($"{input.WorkflowId}/", StringComparison.Ordinal)
            ? input.IdempotencyKey[(input.WorkflowId.Length + 1)..]
            : "";

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
