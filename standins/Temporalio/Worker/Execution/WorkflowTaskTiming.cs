using Temporalio.Api.WorkflowService.V1;
using Temporalio.Runtime.Metrics;

namespace Temporalio.Worker.Execution;

/// <summary>Records the metrics of one workflow task.</summary>
internal readonly struct WorkflowTaskTiming
{
    private readonly WorkerContext context;
    private readonly SdkMetrics metrics;
    private readonly long started;

    public WorkflowTaskTiming(WorkerContext context, PollWorkflowTaskQueueResponse task)
    {
        this.context = context;
        metrics = context.Metrics.With("workflow_type", task.WorkflowType?.Name ?? string.Empty);
        started = context.Clock.GetTimestamp();
        if (metrics.Enabled && task is { StartedTime: { } taken, ScheduledTime: { } scheduled })
        {
            metrics.Record("workflow_task_schedule_to_start_latency", taken.ToDateTimeOffset() - scheduled.ToDateTimeOffset());
        }
    }

    /// <summary>The run has caught up with its history.</summary>
    public void Prepared() => metrics.Record("workflow_task_replay_latency", context.Clock.GetElapsedTime(started));

    /// <summary>The server has the answer.</summary>
    public void Completed(WorkflowRun run)
    {
        if (!metrics.Enabled)
        {
            return;
        }

        metrics.Record("workflow_task_execution_latency", context.Clock.GetElapsedTime(started));
        if (run.Completion is not { Sent: true } closed)
        {
            return;
        }

        metrics.Count(closed.Expected switch
        {
            EventType.WorkflowExecutionCompleted => "workflow_completed",
            EventType.WorkflowExecutionFailed => "workflow_failed",
            EventType.WorkflowExecutionCanceled => "workflow_canceled",
            _ => "workflow_continue_as_new",
        });
        metrics.Record("workflow_endtoend_latency", context.Clock.GetUtcNow() - new DateTimeOffset(run.Info.WorkflowStartTime, TimeSpan.Zero));
    }
}
