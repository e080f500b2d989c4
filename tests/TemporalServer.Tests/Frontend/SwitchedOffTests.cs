using Grpc.Core;
using Temporalio.Api.WorkflowService.V1;
using TemporalServer.Tests.Durability;

namespace TemporalServer.Tests.Frontend;

/// <summary>What a Temporal server has switched off by default, and what this one has not: the caller is told, with the code that Temporal gives.</summary>
public sealed class SwitchedOffTests(SharedServer server) : IClassFixture<SharedServer>
{
    private const string Sets = "Worker versioning v0.1 (Version Set-based, deprecated) is disabled on this namespace.";
    private const string Rules = "Worker versioning v0.2 (Rules-based, deprecated) is disabled on this namespace.";

    /// <summary>A call, and what it is answered.</summary>
    public static TheoryData<string, StatusCode, string> Calls => new()
    {
        { nameof(WorkflowService.WorkflowServiceClient.GetWorkerBuildIdCompatibility), StatusCode.PermissionDenied, Sets },
        { nameof(WorkflowService.WorkflowServiceClient.UpdateWorkerBuildIdCompatibility), StatusCode.PermissionDenied, Sets },
        { nameof(WorkflowService.WorkflowServiceClient.GetWorkerVersioningRules), StatusCode.PermissionDenied, Rules },
        { nameof(WorkflowService.WorkflowServiceClient.UpdateWorkerVersioningRules), StatusCode.PermissionDenied, Rules },
        { nameof(WorkflowService.WorkflowServiceClient.GetWorkerTaskReachability), StatusCode.PermissionDenied, Rules },
        { nameof(WorkflowService.WorkflowServiceClient.PauseWorkflowExecution), StatusCode.Unimplemented, "workflow pause is not enabled for namespace: default" },
        { nameof(WorkflowService.WorkflowServiceClient.CreateWorkflowRule), StatusCode.Unimplemented, "method CreateWorkflowRule not supported" },
        { nameof(WorkflowService.WorkflowServiceClient.FetchWorkerConfig), StatusCode.Unimplemented, "FetchWorkerConfig command is not enabled." },
        { nameof(WorkflowService.WorkflowServiceClient.ListDeployments), StatusCode.Unimplemented, "Deployments are deprecated and no longer supported, use Worker Deployments instead" },
        { nameof(WorkflowService.WorkflowServiceClient.ListArchivedWorkflowExecutions), StatusCode.InvalidArgument, "Cluster is not configured for visibility archival." },
        { nameof(WorkflowService.WorkflowServiceClient.SetWorkerDeploymentCurrentVersion), StatusCode.Unimplemented, "This server does not route by worker deployment version: every worker of a task queue gets its tasks. Give each version a task queue of its own, or move to a Temporal cluster." },
    };

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Call_OfWhatIsSwitchedOff_SaysSo(string method, StatusCode code, string message)
    {
        using var client = new RawClient(server.Address);
        var call = typeof(WorkflowService.WorkflowServiceClient).GetMethods().Single(m => m.Name == $"{method}Async" && m.GetParameters().Length == 2);
        var request = Activator.CreateInstance(call.GetParameters()[0].ParameterType)!;
        request.GetType().GetProperty("Namespace")!.SetValue(request, RawClient.Namespace);
        var answer = call.Invoke(client.Service, [request, new CallOptions(cancellationToken: TestContext.Current.CancellationToken)])!;
        var refusal = await Assert.ThrowsAsync<RpcException>(() => (Task)answer.GetType().GetProperty("ResponseAsync")!.GetValue(answer)!);
        Assert.Equal((code, message), (refusal.StatusCode, refusal.Status.Detail));
    }
}
