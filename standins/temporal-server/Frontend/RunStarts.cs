using Google.Protobuf.WellKnownTypes;
using Mainstay.TemporalServer.Executions;
using Mainstay.TemporalServer.Schedules;
using Mainstay.TemporalServer.Timers;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;
using Temporalio.Api.TaskQueue.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Mainstay.TemporalServer.Frontend;

/// <summary>Starts runs by request of a client or a schedule, under the policies of workflow ids.</summary>
internal sealed class RunStarts(RunHost host, WorkflowClock clock)
{
    private static readonly Duration DefaultTaskTimeout = new() { Seconds = 10 };
    private static readonly Duration LongestTaskTimeout = new() { Seconds = 120 };

    /// <summary>The run that answers the request, and whether it was started by it; <paramref name="carry"/> adds what an earlier run left; a new run has the signal and the update before any worker sees it.</summary>
    public Task<(Run Run, bool Started)> StartAsync(
        StartWorkflowExecutionRequest request, WorkflowExecutionSignaledEventAttributes? signal, Action<WorkflowExecutionStartedEventAttributes>? carry = null, PendingUpdate? update = null) =>
        host.StartingAsync(request.Namespace, request.WorkflowId, async () =>
        {
            var there = await host.FindAsync(request.Namespace, request.WorkflowId, "");
            if (there is not null && request.RequestId.Length > 0 && there.State.StartRequestId == request.RequestId)
            {
                return (there, true);
            }

            var decision = there is null ? StartDecision.Start : StartRules.Decide(request, there.State);
            if (decision == StartDecision.UseExisting)
            {
                return (there!, false);
            }

            var start = NewRun(request, signal, carry);
            if (update is not null)
            {
                start.Admitted[update.Request.Meta.UpdateId] = update;
            }

            return decision == StartDecision.TerminateExisting && await host.ReplaceAsync(there!, start) is { } replacing
                ? (replacing, true)
                : (await host.AddAsync(start), true);
        });

    private RunChange NewRun(StartWorkflowExecutionRequest request, WorkflowExecutionSignaledEventAttributes? signal, Action<WorkflowExecutionStartedEventAttributes>? carry)
    {
        var now = clock.GetUtcNow();
        var runId = Guid.CreateVersion7(now).ToString();
        var started = Started(request, runId, now);
        carry?.Invoke(started);
        var start = RunChange.Start(request.Namespace, runId, started, request.RequestId, now, request.UserMetadata);
        if (signal is not null)
        {
            start.Signal(signal);
        }

        start.Begin().Finish();
        if (started.EagerExecutionAccepted)
        {
            start.StartTaskEagerly(request.Identity);
        }

        return start;
    }

    private static WorkflowExecutionStartedEventAttributes Started(StartWorkflowExecutionRequest request, string runId, DateTimeOffset now)
    {
        var execution = request.WorkflowExecutionTimeout;
        var run = StartRules.Capped(request.WorkflowRunTimeout, execution);
        var task = request.WorkflowTaskTimeout.IsSet() ? request.WorkflowTaskTimeout : DefaultTaskTimeout;
        var cron = request.CronSchedule.Length > 0 ? WorkflowCron.Backoff(request.CronSchedule, now, now) ?? TimeSpan.Zero : TimeSpan.Zero;
        var wait = cron > TimeSpan.Zero ? Duration.FromTimeSpan(cron) : request.WorkflowStartDelay ?? new Duration();
        return new WorkflowExecutionStartedEventAttributes
        {
            WorkflowType = request.WorkflowType,
            TaskQueue = new TaskQueue { Name = request.TaskQueue.Name, Kind = TaskQueueKind.Normal },
            Input = request.Input,
            WorkflowExecutionTimeout = execution,
            WorkflowRunTimeout = run,
            WorkflowTaskTimeout = StartRules.Capped(StartRules.Capped(task, LongestTaskTimeout), run),
            Initiator = request.CronSchedule.Length > 0 ? ContinueAsNewInitiator.CronSchedule : ContinueAsNewInitiator.Unspecified,
            OriginalExecutionRunId = runId,
            FirstExecutionRunId = runId,
            Identity = request.Identity,
            RetryPolicy = request.RetryPolicy is null ? null : RetryRules.Fill(request.RetryPolicy),
            Attempt = 1,
            WorkflowExecutionExpirationTime = execution.IsSet() ? Timestamp.FromDateTimeOffset(now + wait.ToTimeSpan() + execution.ToTimeSpan()) : null,
            CronSchedule = request.CronSchedule,
            FirstWorkflowTaskBackoff = wait,
            Memo = request.Memo,
            SearchAttributes = request.SearchAttributes,
            Header = request.Header,
            WorkflowId = request.WorkflowId,
            Priority = request.Priority,
            EagerExecutionAccepted = request.RequestEagerExecution && !wait.IsSet(),
        };
    }
}
