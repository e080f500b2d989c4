using Grpc.Core;
using Temporalio.Api.WorkflowService.V1;

namespace Mainstay.TemporalServer.Frontend;

/// <summary>What a Temporal server refuses as long as nobody switches it on, in its words.</summary>
internal sealed partial class WorkflowFrontend
{
    private const string NoVersionSets = "Worker versioning v0.1 (Version Set-based, deprecated) is disabled on this namespace.";
    private const string NoVersionRules = "Worker versioning v0.2 (Rules-based, deprecated) is disabled on this namespace.";

    /// <inheritdoc/>
    public override Task<UpdateWorkerBuildIdCompatibilityResponse> UpdateWorkerBuildIdCompatibility(UpdateWorkerBuildIdCompatibilityRequest request, ServerCallContext context) =>
        throw NotAllowed(request.Namespace, NoVersionSets);

    /// <inheritdoc/>
    public override Task<GetWorkerBuildIdCompatibilityResponse> GetWorkerBuildIdCompatibility(GetWorkerBuildIdCompatibilityRequest request, ServerCallContext context) =>
        throw NotAllowed(request.Namespace, NoVersionSets);

    /// <inheritdoc/>
    public override Task<UpdateWorkerVersioningRulesResponse> UpdateWorkerVersioningRules(UpdateWorkerVersioningRulesRequest request, ServerCallContext context) =>
        throw NotAllowed(request.Namespace, NoVersionRules);

    /// <inheritdoc/>
    public override Task<GetWorkerVersioningRulesResponse> GetWorkerVersioningRules(GetWorkerVersioningRulesRequest request, ServerCallContext context) =>
        throw NotAllowed(request.Namespace, NoVersionRules);

    /// <inheritdoc/>
    public override Task<GetWorkerTaskReachabilityResponse> GetWorkerTaskReachability(GetWorkerTaskReachabilityRequest request, ServerCallContext context) =>
        throw NotAllowed(request.Namespace, NoVersionRules);

    /// <inheritdoc/>
    public override Task<PauseWorkflowExecutionResponse> PauseWorkflowExecution(PauseWorkflowExecutionRequest request, ServerCallContext context) => throw NoPause(request.Namespace);

    /// <inheritdoc/>
    public override Task<UnpauseWorkflowExecutionResponse> UnpauseWorkflowExecution(UnpauseWorkflowExecutionRequest request, ServerCallContext context) => throw NoPause(request.Namespace);

    /// <inheritdoc/>
    public override Task<CreateWorkflowRuleResponse> CreateWorkflowRule(CreateWorkflowRuleRequest request, ServerCallContext context) => throw NoRules(request.Namespace, nameof(CreateWorkflowRule));

    /// <inheritdoc/>
    public override Task<DescribeWorkflowRuleResponse> DescribeWorkflowRule(DescribeWorkflowRuleRequest request, ServerCallContext context) => throw NoRules(request.Namespace, nameof(DescribeWorkflowRule));

    /// <inheritdoc/>
    public override Task<DeleteWorkflowRuleResponse> DeleteWorkflowRule(DeleteWorkflowRuleRequest request, ServerCallContext context) => throw NoRules(request.Namespace, nameof(DeleteWorkflowRule));

    /// <inheritdoc/>
    public override Task<ListWorkflowRulesResponse> ListWorkflowRules(ListWorkflowRulesRequest request, ServerCallContext context) => throw NoRules(request.Namespace, nameof(ListWorkflowRules));

    /// <inheritdoc/>
    public override Task<TriggerWorkflowRuleResponse> TriggerWorkflowRule(TriggerWorkflowRuleRequest request, ServerCallContext context) => throw NoRules(request.Namespace, nameof(TriggerWorkflowRule));

    /// <inheritdoc/>
    public override Task<ListArchivedWorkflowExecutionsResponse> ListArchivedWorkflowExecutions(ListArchivedWorkflowExecutionsRequest request, ServerCallContext context)
    {
        namespaces.Require(request.Namespace);
        throw ApiErrors.Invalid("Cluster is not configured for visibility archival.");
    }

    /// <inheritdoc/>
    public override Task<FetchWorkerConfigResponse> FetchWorkerConfig(FetchWorkerConfigRequest request, ServerCallContext context) => throw NoCommand(nameof(FetchWorkerConfig));

    /// <inheritdoc/>
    public override Task<UpdateWorkerConfigResponse> UpdateWorkerConfig(UpdateWorkerConfigRequest request, ServerCallContext context) => throw NoCommand(nameof(UpdateWorkerConfig));

    private static RpcException NoCommand(string method) => ApiErrors.Unimplemented($"{method} command is not enabled.");

    private RpcException NotAllowed(string @namespace, string message)
    {
        namespaces.Require(@namespace);
        return ApiErrors.NotAllowed(message);
    }

    private RpcException NoPause(string @namespace)
    {
        namespaces.Require(@namespace);
        return ApiErrors.Unimplemented($"workflow pause is not enabled for namespace: {@namespace}");
    }

    private RpcException NoRules(string @namespace, string method)
    {
        namespaces.Require(@namespace);
        return ApiErrors.Unimplemented($"method {method} not supported");
    }
}
