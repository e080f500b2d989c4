using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Mainstay.TemporalServer.Executions;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;
using Temporalio.Api.TaskQueue.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Mainstay.TemporalServer.Frontend;

/// <summary>Starts of runs.</summary>
internal sealed partial class WorkflowFrontend
{
    /// <inheritdoc/>
    public override async Task<StartWorkflowExecutionResponse> StartWorkflowExecution(StartWorkflowExecutionRequest request, ServerCallContext context)
    {
        StartRules.Check(request, namespaces, attributes);
        var (run, started) = await StartAsync(request, null);
        return new StartWorkflowExecutionResponse
        {
            RunId = run.State.RunId,
            FirstExecutionRunId = run.State.Started.FirstExecutionRunId,
            Started = started,
            Status = run.State.Status,
        };
    }

    /// <inheritdoc/>
    public override async Task<SignalWithStartWorkflowExecutionResponse> SignalWithStartWorkflowExecution(SignalWithStartWorkflowExecutionRequest request, ServerCallContext context)
    {
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
        };
        StartRules.Check(start, namespaces, attributes);
        var signal = new WorkflowExecutionSignaledEventAttributes
        {
            SignalName = request.SignalName,
            Input = request.SignalInput,
            Identity = request.Identity,
            Header = request.Header,
            RequestId = request.RequestId,
        };
        var (run, started) = await StartAsync(start, signal);
        if (!started)
        {
            await host.ApplyAsync(run, change =>
            {
                RequireOpen(change.State);
                change.Signal(signal);
                return true;
            });
        }

        return new SignalWithStartWorkflowExecutionResponse { RunId = run.State.RunId, Started = started };
    }

    private Task<(Run Run, bool Started)> StartAsync(StartWorkflowExecutionRequest request, WorkflowExecutionSignaledEventAttributes? signal) =>
        host.StartingAsync(request.Namespace, request.WorkflowId, async () =>
        {
            if (await host.FindAsync(request.Namespace, request.WorkflowId, "") is { } there)
            {
                var state = there.State;
                if (request.RequestId.Length > 0 && state.StartRequestId == request.RequestId)
                {
                    return (there, true);
                }

                switch (StartRules.Decide(request, state))
                {
                    case StartDecision.UseExisting:
                        return (there, false);
                    case StartDecision.TerminateExisting:
                        await host.ApplyAsync(there, change =>
                        {
                            if (change.State.Status == WorkflowExecutionStatus.Running)
                            {
                                change.Terminate("TerminateIfRunning WorkflowIdReusePolicy", null, "history-service");
                            }

                            return true;
                        });
                        break;
                }
            }

            var now = clock.GetUtcNow();
            var runId = Guid.CreateVersion7(now).ToString();
            var start = RunChange.Start(request.Namespace, runId, Started(request, runId, now), request.RequestId, now);
            if (signal is not null)
            {
                start.Signal(signal);
            }

            return (await host.AddAsync(start.Begin().Finish()), true);
        });

    private static WorkflowExecutionStartedEventAttributes Started(StartWorkflowExecutionRequest request, string runId, DateTimeOffset now)
    {
        var execution = request.WorkflowExecutionTimeout;
        var run = StartRules.Capped(request.WorkflowRunTimeout, execution);
        var task = request.WorkflowTaskTimeout.IsSet() ? request.WorkflowTaskTimeout : new Duration { Seconds = 10 };
        return new WorkflowExecutionStartedEventAttributes
        {
            WorkflowType = request.WorkflowType,
            TaskQueue = new TaskQueue { Name = request.TaskQueue.Name, Kind = TaskQueueKind.Normal },
            Input = request.Input,
            WorkflowExecutionTimeout = execution,
            WorkflowRunTimeout = run,
            WorkflowTaskTimeout = StartRules.Capped(StartRules.Capped(task, new Duration { Seconds = 120 }), run),
            OriginalExecutionRunId = runId,
            FirstExecutionRunId = runId,
            Identity = request.Identity,
            RetryPolicy = request.RetryPolicy is null ? null : RetryRules.Fill(request.RetryPolicy),
            Attempt = 1,
            WorkflowExecutionExpirationTime = execution.IsSet() ? Timestamp.FromDateTimeOffset(now + execution.ToTimeSpan()) : null,
            CronSchedule = request.CronSchedule,
            FirstWorkflowTaskBackoff = request.WorkflowStartDelay ?? new Duration(),
            Memo = request.Memo,
            SearchAttributes = request.SearchAttributes,
            Header = request.Header,
            WorkflowId = request.WorkflowId,
            Priority = request.Priority,
        };
    }
}
