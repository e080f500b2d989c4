using Temporalio.Api.TaskQueue.V1;
using Temporalio.Api.WorkflowService.V1;
using Temporalio.Worker.Activities;
using Temporalio.Worker.Polling;
using Temporalio.Worker.Tuning;

namespace Temporalio.Worker.Execution;

/// <summary>Polls for workflow tasks, on the common queue and on the worker's own.</summary>
internal sealed class WorkflowWorker
{
    private static readonly TimeSpan LeaveTimeout = TimeSpan.FromSeconds(5);

    private readonly WorkerContext context;
    private readonly WorkflowTaskHandler handler;
    private readonly string? stickyQueue;
    private readonly Slots slots;

    public WorkflowWorker(WorkerContext context, ActivityWorker activities)
    {
        this.context = context;
        stickyQueue = context.Options.MaxCachedWorkflows > 0 ? $"{context.Identity}-{Guid.NewGuid():N}" : null;
        slots = new(context, SlotType.Workflow, context.Options.Tuner?.WorkflowTaskSlotSupplier, context.Options.MaxConcurrentWorkflowTasks);
        handler = new(context, activities, stickyQueue);
    }

    public async Task RunAsync(CancellationToken stop)
    {
        var (common, sticky) = Scalers();
        var loops = new List<Task> { Loop(new() { Name = context.TaskQueue }, common).RunAsync(stop) };
        if (stickyQueue is not null)
        {
            loops.Add(Loop(new() { Name = stickyQueue, Kind = TaskQueueKind.Sticky, NormalName = context.TaskQueue }, sticky).RunAsync(stop));
        }

        await Task.WhenAll(loops).ConfigureAwait(false);
        await LeaveStickyQueueAsync().ConfigureAwait(false);
    }

    /// <summary>Tells the server not to wait for this worker, so that others take over its runs at once.</summary>
    private async Task LeaveStickyQueueAsync()
    {
        if (stickyQueue is null)
        {
            return;
        }

        try
        {
            await context.Service.ShutdownWorkerAsync(
                new() { Namespace = context.Namespace, StickyTaskQueue = stickyQueue, Identity = context.Identity, Reason = "graceful shutdown" },
                new() { Timeout = LeaveTimeout }).ConfigureAwait(false);
        }
        catch (RpcException)
        {
            // Older servers do not know the call; the time-out of the sticky queue does the same, later.
        }
    }

    /// <summary>A fixed number of polls is shared out between the two queues; each scales by itself.</summary>
    private (PollerScaler Common, PollerScaler Sticky) Scalers()
    {
        if (context.Options.WorkflowTaskPollerBehavior is PollerBehavior.Autoscaling scaling)
        {
            return (new(scaling), new(scaling));
        }

        var maximum = (context.Options.WorkflowTaskPollerBehavior as PollerBehavior.SimpleMaximum)?.Maximum ?? context.Options.MaxConcurrentWorkflowTaskPolls;
        var polls = Math.Max(stickyQueue is null ? 1 : 2, maximum);
        var common = stickyQueue is null ? polls : Math.Clamp((int)(polls * context.Options.NonStickyToStickyPollRatio), 1, polls - 1);
        return (new(new PollerBehavior.SimpleMaximum(common)), new(new PollerBehavior.SimpleMaximum(polls - common)));
    }

    private PollLoop<PollWorkflowTaskQueueResponse> Loop(TaskQueue queue, PollerScaler scaler)
    {
        var sticky = queue.Kind == TaskQueueKind.Sticky;
        return new(
            context,
            new(
                "workflow",
                sticky ? "sticky_workflow_task" : "workflow_task",
                sticky,
                options => context.Service.PollWorkflowTaskQueueAsync(
                    new PollWorkflowTaskQueueRequest { Namespace = context.Namespace, TaskQueue = queue, Identity = context.Identity }.Mark(context.Options),
                    options),
                answer => answer.TaskToken.IsEmpty ? null : new SlotInfo.WorkflowSlotInfo(answer.WorkflowType?.Name ?? string.Empty, sticky),
                answer => answer.PollerScalingDecision,
                withTask => context.Metrics.Count(withTask ? "workflow_task_queue_poll_succeed" : "workflow_task_queue_poll_empty"),
                handler.HandleAsync),
            slots,
            scaler,
            new(null, context.Clock));
    }
}
