using Grpc.Core;
using Temporalio.Api.WorkflowService.V1;

namespace Mainstay.TemporalServer.Frontend;

/// <summary>Versions of worker deployments, which this server does not route by: it says so instead of leaving callers to guess.</summary>
internal sealed partial class WorkflowFrontend
{
    private const string NoDeployments = "Deployments are deprecated and no longer supported, use Worker Deployments instead";

    private const string NoVersions =
        "This server does not route by worker deployment version: every worker of a task queue gets its tasks. Give each version a task queue of its own, or move to a Temporal cluster.";

    /// <inheritdoc/>
    public override Task<DescribeDeploymentResponse> DescribeDeployment(DescribeDeploymentRequest request, ServerCallContext context) => throw ApiErrors.Unimplemented(NoDeployments);

    /// <inheritdoc/>
    public override Task<ListDeploymentsResponse> ListDeployments(ListDeploymentsRequest request, ServerCallContext context) => throw ApiErrors.Unimplemented(NoDeployments);

    /// <inheritdoc/>
    public override Task<GetDeploymentReachabilityResponse> GetDeploymentReachability(GetDeploymentReachabilityRequest request, ServerCallContext context) => throw ApiErrors.Unimplemented(NoDeployments);

    /// <inheritdoc/>
    public override Task<GetCurrentDeploymentResponse> GetCurrentDeployment(GetCurrentDeploymentRequest request, ServerCallContext context) => throw ApiErrors.Unimplemented(NoDeployments);

    /// <inheritdoc/>
    public override Task<SetCurrentDeploymentResponse> SetCurrentDeployment(SetCurrentDeploymentRequest request, ServerCallContext context) => throw ApiErrors.Unimplemented(NoDeployments);

    /// <inheritdoc/>
    public override Task<DescribeWorkerDeploymentResponse> DescribeWorkerDeployment(DescribeWorkerDeploymentRequest request, ServerCallContext context) => throw ApiErrors.Unimplemented(NoVersions);

    /// <inheritdoc/>
    public override Task<DescribeWorkerDeploymentVersionResponse> DescribeWorkerDeploymentVersion(DescribeWorkerDeploymentVersionRequest request, ServerCallContext context) => throw ApiErrors.Unimplemented(NoVersions);

    /// <inheritdoc/>
    public override Task<ListWorkerDeploymentsResponse> ListWorkerDeployments(ListWorkerDeploymentsRequest request, ServerCallContext context) => throw ApiErrors.Unimplemented(NoVersions);

    /// <inheritdoc/>
    public override Task<SetWorkerDeploymentCurrentVersionResponse> SetWorkerDeploymentCurrentVersion(SetWorkerDeploymentCurrentVersionRequest request, ServerCallContext context) => throw ApiErrors.Unimplemented(NoVersions);

    /// <inheritdoc/>
    public override Task<SetWorkerDeploymentRampingVersionResponse> SetWorkerDeploymentRampingVersion(SetWorkerDeploymentRampingVersionRequest request, ServerCallContext context) => throw ApiErrors.Unimplemented(NoVersions);

    /// <inheritdoc/>
    public override Task<SetWorkerDeploymentManagerResponse> SetWorkerDeploymentManager(SetWorkerDeploymentManagerRequest request, ServerCallContext context) => throw ApiErrors.Unimplemented(NoVersions);

    /// <inheritdoc/>
    public override Task<DeleteWorkerDeploymentResponse> DeleteWorkerDeployment(DeleteWorkerDeploymentRequest request, ServerCallContext context) => throw ApiErrors.Unimplemented(NoVersions);

    /// <inheritdoc/>
    public override Task<DeleteWorkerDeploymentVersionResponse> DeleteWorkerDeploymentVersion(DeleteWorkerDeploymentVersionRequest request, ServerCallContext context) => throw ApiErrors.Unimplemented(NoVersions);

    /// <inheritdoc/>
    public override Task<UpdateWorkerDeploymentVersionMetadataResponse> UpdateWorkerDeploymentVersionMetadata(UpdateWorkerDeploymentVersionMetadataRequest request, ServerCallContext context) => throw ApiErrors.Unimplemented(NoVersions);
}
