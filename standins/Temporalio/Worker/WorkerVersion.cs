using Temporalio.Api.History.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Temporalio.Worker;

/// <summary>The version under which a worker polls and answers, as the wire has it.</summary>
internal static class WorkerVersion
{
#pragma warning disable CS0612 // Servers of the older kind of versioning look at these fields alone.
    public static PollWorkflowTaskQueueRequest Mark(this PollWorkflowTaskQueueRequest request, TemporalWorkerOptions options)
    {
        (request.DeploymentOptions, request.WorkerVersionCapabilities) = (Deployment(options), Capabilities(options));
        return request;
    }

    public static PollActivityTaskQueueRequest Mark(this PollActivityTaskQueueRequest request, TemporalWorkerOptions options)
    {
        (request.DeploymentOptions, request.WorkerVersionCapabilities) = (Deployment(options), Capabilities(options));
        return request;
    }

    public static void Mark(this RespondWorkflowTaskCompletedRequest request, TemporalWorkerOptions options, Workflows.WorkflowDefinition definition) =>
        (request.DeploymentOptions, request.WorkerVersionStamp, request.VersioningBehavior) = (Deployment(options), Stamp(options), Behavior(options, definition));

    public static void Mark(this RespondActivityTaskCompletedRequest request, TemporalWorkerOptions options) =>
        (request.DeploymentOptions, request.WorkerVersion) = (Deployment(options), Stamp(options));

    public static void Mark(this RespondActivityTaskCanceledRequest request, TemporalWorkerOptions options) =>
        (request.DeploymentOptions, request.WorkerVersion) = (Deployment(options), Stamp(options));

    public static void Mark(this RespondActivityTaskFailedRequest request, TemporalWorkerOptions options) =>
        (request.DeploymentOptions, request.WorkerVersion) = (Deployment(options), Stamp(options));
#pragma warning restore CS0612

    /// <summary>The deployment of the worker; null when it has neither a deployment nor a build id.</summary>
    private static Api.Deployment.V1.WorkerDeploymentOptions? Deployment(TemporalWorkerOptions options) => options.DeploymentOptions is { Version: { } version } deployment
        ? new()
        {
            DeploymentName = version.DeploymentName,
            BuildId = version.BuildId,
            WorkerVersioningMode = deployment.UseWorkerVersioning ? WorkerVersioningMode.Versioned : WorkerVersioningMode.Unversioned,
        }
        : options.BuildId is { } buildId && !options.UseWorkerVersioning ? new() { BuildId = buildId, WorkerVersioningMode = WorkerVersioningMode.Unversioned } : null;

    /// <summary>How a workflow moves between versions: as it says itself, else as its worker says.</summary>
    private static Api.Enums.V1.VersioningBehavior Behavior(TemporalWorkerOptions options, Workflows.WorkflowDefinition definition) =>
        options.DeploymentOptions is not { UseWorkerVersioning: true } deployment ? Api.Enums.V1.VersioningBehavior.Unspecified
        : (Api.Enums.V1.VersioningBehavior)(definition.VersioningBehavior is { } own and not VersioningBehavior.Unspecified ? own : deployment.DefaultVersioningBehavior);

    private static Api.Common.V1.WorkerVersionCapabilities? Capabilities(TemporalWorkerOptions options) =>
        Of(options) is { } version ? new() { BuildId = version.BuildId, UseVersioning = options.UseWorkerVersioning } : null;

    private static Api.Common.V1.WorkerVersionStamp? Stamp(TemporalWorkerOptions options) =>
        Of(options) is { } version ? new() { BuildId = version.BuildId, UseVersioning = options.UseWorkerVersioning } : null;

    /// <summary>The version of a worker: its deployment's, else its build id, which by default is that of the program.</summary>
    public static WorkerDeploymentVersion? Of(TemporalWorkerOptions options) =>
        options.DeploymentOptions?.Version is { } version ? version
        : (options.BuildId ?? Assembly.GetEntryAssembly()?.ManifestModule.ModuleVersionId.ToString()) is { } buildId ? new(string.Empty, buildId) : null;

#pragma warning disable CS0612 // Histories of older servers and workers have these fields alone.
    /// <summary>The version that a worker left in history with its answer.</summary>
    public static WorkerDeploymentVersion? Of(WorkflowTaskCompletedEventAttributes completed)
    {
        if (completed.DeploymentVersion is { } version)
        {
            return new(version.DeploymentName, version.BuildId);
        }

        if (completed.WorkerDeploymentVersion.Contains('.', StringComparison.Ordinal))
        {
            return WorkerDeploymentVersion.FromCanonicalString(completed.WorkerDeploymentVersion);
        }

        var combined = new WorkerDeploymentVersion(completed.WorkerDeploymentName, completed.WorkerVersion?.BuildId ?? string.Empty);
        return combined is { DeploymentName.Length: 0, BuildId.Length: 0 } ? null : combined;
    }
#pragma warning restore CS0612
}
