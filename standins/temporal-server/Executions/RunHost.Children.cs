using Google.Protobuf.WellKnownTypes;
using Mainstay.TemporalServer.Schedules;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;

namespace Mainstay.TemporalServer.Executions;

/// <summary>Starts the runs that other runs ask for.</summary>
internal sealed partial class RunHost
{
    /// <summary>Ends an open run and begins another one in the same commit; nothing when the one had ended by itself.</summary>
    public async Task<Run?> ReplaceAsync(Run there, RunChange start)
    {
        var replaced = await ApplyAsync(there, change =>
        {
            if (change.State.Status != WorkflowExecutionStatus.Running)
            {
                return false;
            }

            change.Terminate("TerminateIfRunning WorkflowIdReusePolicy", JsonText.Of($"terminated by new runID: {start.State.RunId}"), "history-service");
            change.ReplaceWith(start);
            return true;
        });
        return replaced ? await GetAnyAsync(start.State.RunId) : null;
    }

    private Task<ActAnswer> StartChildAsync(RunState from, Outbound act, WorkflowExecution parent) =>
        StartingAsync(from.Namespace, act.WorkflowId, async () =>
        {
            var requestId = RequestId(from, act);
            var there = await FindAsync(from.Namespace, act.WorkflowId, "");
            if (there is not null && there.State.StartRequestId == requestId)
            {
                return new ActAnswer(there.State.RunId);
            }

            if (from.Status != WorkflowExecutionStatus.Running)
            {
                // A parent that ended first has no children any more.
                return ActAnswer.Nobody;
            }

            if (there is not null && Refuses(there.State, act.StartChild.WorkflowIdReusePolicy))
            {
                return ActAnswer.No;
            }

            var started = Started(from, act, parent, clock.GetUtcNow());
            var start = RunChange.Start(from.Namespace, started.OriginalExecutionRunId, started, requestId, clock.GetUtcNow(), act.UserMetadata).Begin().Finish();
            if (there is not { State.Status: WorkflowExecutionStatus.Running } || await ReplaceAsync(there, start) is null)
            {
                await AddAsync(start);
            }

            return new ActAnswer(start.State.RunId);
        });

    private static bool Refuses(RunState there, WorkflowIdReusePolicy policy) => there.Status switch
    {
        WorkflowExecutionStatus.Running => policy != WorkflowIdReusePolicy.TerminateIfRunning,
        WorkflowExecutionStatus.Completed or WorkflowExecutionStatus.ContinuedAsNew => policy is WorkflowIdReusePolicy.RejectDuplicate or WorkflowIdReusePolicy.AllowDuplicateFailedOnly,
        _ => policy == WorkflowIdReusePolicy.RejectDuplicate,
    };

    private static WorkflowExecutionStartedEventAttributes Started(RunState from, Outbound act, WorkflowExecution parent, DateTimeOffset now)
    {
        var asked = act.StartChild;
        var runId = Guid.CreateVersion7(now).ToString();
        var wait = asked.CronSchedule.Length > 0 ? WorkflowCron.Backoff(asked.CronSchedule, now, now) ?? TimeSpan.Zero : TimeSpan.Zero;
        return new WorkflowExecutionStartedEventAttributes
        {
            WorkflowType = asked.WorkflowType,
            ParentWorkflowNamespace = from.Namespace,
            ParentWorkflowExecution = parent,
            ParentInitiatedEventId = act.InitiatedEventId,
            RootWorkflowExecution = from.Started.RootWorkflowExecution ?? parent,
            TaskQueue = asked.TaskQueue,
            Input = asked.Input,
            WorkflowExecutionTimeout = asked.WorkflowExecutionTimeout,
            WorkflowExecutionExpirationTime = asked.WorkflowExecutionTimeout.IsSet() ? Timestamp.FromDateTimeOffset(now + asked.WorkflowExecutionTimeout.ToTimeSpan()) : null,
            WorkflowRunTimeout = asked.WorkflowRunTimeout,
            WorkflowTaskTimeout = asked.WorkflowTaskTimeout,
            Initiator = asked.CronSchedule.Length > 0 ? ContinueAsNewInitiator.CronSchedule : ContinueAsNewInitiator.Unspecified,
            OriginalExecutionRunId = runId,
            FirstExecutionRunId = runId,
            RetryPolicy = asked.RetryPolicy,
            Attempt = 1,
            CronSchedule = asked.CronSchedule,
            FirstWorkflowTaskBackoff = Duration.FromTimeSpan(wait),
            Memo = asked.Memo,
            SearchAttributes = asked.SearchAttributes,
            Header = asked.Header,
            WorkflowId = act.WorkflowId,
            Priority = PriorityRules.Merge(from.Started.Priority, asked.Priority),
        };
    }
}
