using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.ErrorDetails.V1;

namespace Mainstay.TemporalServer.Frontend;

/// <summary>Every refusal, with the code, text and detail that Temporal gives.</summary>
internal static class ApiErrors
{
    private const int MostCharacters = 600;
    private const int MostDetailBytes = 3000;

    /// <summary>A request that no state of the server could make right.</summary>
    public static RpcException Invalid(string message) => With(StatusCode.InvalidArgument, message, null);

    /// <summary>Something that does not exist, or not any more.</summary>
    public static RpcException NotFound(string message) => With(StatusCode.NotFound, message, new NotFoundFailure());

    /// <summary>A workflow id that no run has.</summary>
    public static RpcException NoWorkflow(string workflowId) => NotFound($"workflow not found for ID: {workflowId}");

    /// <summary>A run id that the workflow id has not.</summary>
    public static RpcException NoRun(string workflowId, string runId) => NotFound($"workflow execution not found for workflow ID \"{workflowId}\" and run ID \"{runId}\"");

    /// <summary>A run that did not come of the first run that the caller means.</summary>
    public static RpcException NotInChain() => NotFound("workflow execution not found");

    /// <summary>A run that is closed.</summary>
    public static RpcException Closed() => NotFound("workflow execution already completed");

    /// <summary>A workflow task that is no longer the worker's.</summary>
    public static RpcException NoTask() => NotFound("Workflow task not found.");

    /// <summary>An activity that does not wait for this answer.</summary>
    public static RpcException NoActivity() => NotFound("invalid activityID or activity already timed out or invoking workflow is completed");

    /// <summary>A namespace that was never registered.</summary>
    public static RpcException NoNamespace(string name) =>
        With(StatusCode.NotFound, $"Namespace {name} is not found.", new NamespaceNotFoundFailure { Namespace = name });

    /// <summary>A start that the policies of workflow ids forbid.</summary>
    public static RpcException AlreadyStarted(string message, string requestId, string runId) =>
        With(StatusCode.AlreadyExists, message, new WorkflowExecutionAlreadyStartedFailure { StartRequestId = requestId, RunId = runId });

    /// <summary>A signal to a run that has had as many as it may.</summary>
    public static RpcException TooManySignals() => Invalid("exceeded workflow execution limit for signal events");

    /// <summary>An update to a run that has had as many as it may.</summary>
    public static RpcException TooManyUpdates(int most) => With(
        StatusCode.FailedPrecondition,
        $"The limit on the total number of distinct updates in this workflow has been reached ({most}). Make sure any duplicate updates share an Update ID so the server can deduplicate them, "
        + "and consider rejecting updates that you aren't going to process. "
        + "You can also Continue-as-New to avoid this; we recommend you check Continue-as-New Suggested in your Workflow.",
        null);

    /// <summary>More at once than the namespace may have.</summary>
    public static RpcException TooManyAtOnce(string message) => With(
        StatusCode.ResourceExhausted, message, new ResourceExhaustedFailure { Cause = ResourceExhaustedCause.ConcurrentLimit, Scope = ResourceExhaustedScope.Namespace });

    /// <summary>A call that this namespace is not set up for.</summary>
    public static RpcException NotAllowed(string message) => With(StatusCode.PermissionDenied, message, new PermissionDeniedFailure());

    /// <summary>A call that is not served.</summary>
    public static RpcException Unimplemented(string message) => With(StatusCode.Unimplemented, message, null);

    /// <summary>A namespace whose state forbids the call.</summary>
    public static RpcException WrongState(string name, NamespaceState state) => With(
        StatusCode.FailedPrecondition,
        $"Namespace has invalid state: {state}. Must be {NamespaceState.Registered}.",
        new NamespaceInvalidStateFailure { Namespace = name, State = state, AllowedStates = { NamespaceState.Registered } });

    /// <summary>Two operations that had to succeed together and did not; the one that was not tried, or was undone, is aborted.</summary>
    public static RpcException Together(RpcException? start, RpcException? update)
    {
        var aborted = With(StatusCode.Aborted, "Operation was aborted.", new Temporalio.Api.Failure.V1.MultiOperationExecutionAborted());
        var failure = new MultiOperationExecutionFailure();
        foreach (var status in new[] { start ?? aborted, update ?? aborted }.Select(Status))
        {
            failure.Statuses.Add(new MultiOperationExecutionFailure.Types.OperationStatus { Code = status.Code, Message = status.Message, Details = { status.Details } });
        }

        return With((start ?? update)!.StatusCode, "Update-with-Start could not be executed.", failure);
    }

    private static Google.Rpc.Status Status(RpcException refusal) => Google.Rpc.Status.Parser.ParseFrom(refusal.Trailers.GetValueBytes("grpc-status-details-bin"));

    /// <summary>Any status, with its detail in <c>grpc-status-details-bin</c>; what quotes a text too long for the trailers that peers take (8 KiB) is cut.</summary>
    public static RpcException With(StatusCode code, string message, IMessage? detail)
    {
        message = message.Length <= MostCharacters ? message : $"{message[..MostCharacters]}...";
        var status = new Google.Rpc.Status { Code = (int)code, Message = message };
        if (detail is not null && detail.CalculateSize() <= MostDetailBytes)
        {
            status.Details.Add(Any.Pack(detail));
        }

        return new RpcException(new Status(code, message), new Metadata { { "grpc-status-details-bin", status.ToByteArray() } });
    }
}
