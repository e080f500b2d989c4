using System.Globalization;
using Mainstay.BusContracts;
using Mainstay.Llm.V1;

namespace Mainstay.LlmGateway.Completions;

/// <summary>Words the audit events of completions; what was asked and answered stays out.</summary>
internal static class CompletionAudit
{
    public static AuditEvent Succeeded(TimeProvider clock, CompletionJob job, Completion completion, bool isEstimate, TimeSpan latency) =>
        Of(clock, job, "success", latency, [.. Counts(completion), ("usage", isEstimate ? "estimated" : "counted")]);

    /// <summary>The provider answered, but too late: another process had given this one up and asked again.</summary>
    public static AuditEvent Superseded(TimeProvider clock, CompletionJob job, Completion completion, TimeSpan latency) =>
        Of(clock, job, "failure", latency, [.. Counts(completion), ("reason", "SUPERSEDED")]);

    public static AuditEvent Failed(TimeProvider clock, CompletionJob job, string reason, TimeSpan latency) =>
        Of(clock, job, "failure", latency, [("reason", reason)]);

    public static AuditEvent Denied(TimeProvider clock, CompletionJob job, string scope) => Of(clock, job, "denied", TimeSpan.Zero, [("reason", "SCOPE_MISSING")]) with
    {
        Policy = new AuditPolicy { Decision = "deny", Level = "platform", Rule = $"llm.routes/{job.Route.Model}/rbac_scope", Reason = $"The model needs the scope '{scope}'." },
    };

    private static AuditEvent Of(TimeProvider clock, CompletionJob job, string result, TimeSpan latency, (string Name, string Value)[] attributes) => new()
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
        Resource = new AuditResource { Connector = job.Route.Provider.Name, ProjectId = job.Caller.Project, DocumentId = job.Route.UpstreamModel },
        UserContext = new AuditUserContext { InitiatedBy = job.Caller.Subject, OnBehalfOf = job.Caller.OnBehalfOf },
        LatencyMs = (long)latency.TotalMilliseconds,
        Attributes = new Dictionary<string, string>(attributes.Select(attribute => KeyValuePair.Create(attribute.Name, attribute.Value)))
        {
            ["model"] = job.Route.Model,
            ["provider"] = job.Route.Provider.Name,
            ["upstream_model"] = job.Route.UpstreamModel,
        },
    };

    private static (string, string)[] Counts(Completion completion) =>
    [
        ("input_tokens", Text(completion.Usage.InputTokens)),
        ("output_tokens", Text(completion.Usage.OutputTokens)),
        ("cost_micro_usd", Text(completion.Usage.CostMicroUsd)),
        ("finish_reason", completion.FinishReason.ToString()),
    ];

    // The key of a workflow's activity is <workflow id>/<run id>/<activity id>, and an activity's id is the run's own.
    private static string ActivityOf(CompletionInput input) =>
        input.WorkflowId.Length > 0 && input.IdempotencyKey.StartsWith($"{input.WorkflowId}/", StringComparison.Ordinal)
            ? input.IdempotencyKey[(input.WorkflowId.Length + 1)..]
            : "";

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
