using Grpc.Core;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Mainstay.TemporalServer.Frontend;

/// <summary>Starts of runs.</summary>
internal sealed partial class WorkflowFrontend
{
    /// <inheritdoc/>
    public override async Task<StartWorkflowExecutionResponse> StartWorkflowExecution(StartWorkflowExecutionRequest request, ServerCallContext context)
    {
        namespaces.RequireForStart(request.Namespace);
        StartRules.Check(request, namespaces, attributes);
        var (run, started) = await starts.StartAsync(request, null);
        var state = run.State;
        return new StartWorkflowExecutionResponse
        {
            RunId = state.RunId,
            FirstExecutionRunId = state.Started.FirstExecutionRunId,
            Started = started,
            Status = state.Status,
            // The caller is a worker that takes the first task along with the answer.
            EagerWorkflowTask = started && state is { Started.EagerExecutionAccepted: true, WorkflowTask: { StartedEventId: > 0, Attempt: 1 }, LastCompletedTaskStartedId: 0 } && state.StartRequestId == request.RequestId
                ? await TaskAsync(run, state, sticky: false)
                : null,
        };
    }

    /// <inheritdoc/>
    public override async Task<SignalWithStartWorkflowExecutionResponse> SignalWithStartWorkflowExecution(SignalWithStartWorkflowExecutionRequest request, ServerCallContext context)
    {
        namespaces.RequireForStart(request.Namespace);
        var start = new StartWorkflowExecutionRequest
        {
            Namespace = request.Namespace,
            WorkflowId = request.WorkflowId,
            WorkflowType = request.WorkflowType,
            TaskQueue = request.TaskQueue,
            Input = request.Input,
            WorkflowExecutionTimeout = request.WorkflowExecutionTimeout,
            WorkflowRunTimeout = request.WorkflowRunTimeout,
            WorkflowTaskTimeout = request.WorkflowTaskTimeout,
            Identity = request.Identity,
            RequestId = request.RequestId,
            WorkflowIdReusePolicy = request.WorkflowIdReusePolicy,
            WorkflowIdConflictPolicy = request.WorkflowIdConflictPolicy == WorkflowIdConflictPolicy.Unspecified ? WorkflowIdConflictPolicy.UseExisting : request.WorkflowIdConflictPolicy,
            RetryPolicy = request.RetryPolicy,
            CronSchedule = request.CronSchedule,
            Memo = request.Memo,
            SearchAttributes = request.SearchAttributes,
            Header = request.Header,
            WorkflowStartDelay = request.WorkflowStartDelay,
            UserMetadata = request.UserMetadata,
            Priority = request.Priority,
        };
        StartRules.Check(start, namespaces, attributes);
        Limits.Check(request.SignalInput);
        var signal = new WorkflowExecutionSignaledEventAttributes
        {
            SignalName = request.SignalName,
            Input = request.SignalInput,
            Identity = request.Identity,
            Header = request.Header,
            RequestId = request.RequestId,
        };
        while (true)
        {
            // A run that ends just then cannot be signalled: the next one is started.
            var (run, started) = await starts.StartAsync(start, signal);
            if (started || await host.ApplyAsync(run, change =>
            {
                if (change.State.Status != WorkflowExecutionStatus.Running)
                {
                    return false;
                }

                if (!change.HasHad(signal.RequestId))
                {
                    RequireRoomForSignal(change);
                    change.Signal(signal);
                }

                return true;
            }))
            {
                return new SignalWithStartWorkflowExecutionResponse { RunId = run.State.RunId, Started = started };
            }
        }
    }
}
