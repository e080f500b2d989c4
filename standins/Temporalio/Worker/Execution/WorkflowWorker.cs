using Temporalio.Api.TaskQueue.V1;
using Temporalio.Api.WorkflowService.V1;
using Temporalio.Worker.Activities;
using Temporalio.Worker.Polling;

namespace Temporalio.Worker.Execution;

/// <summary>Polls for workflow tasks, on the common queue and on the worker's own.</summary>
internal sealed class WorkflowWorker
{
    private static readonly TimeSpan LeaveTimeout = TimeSpan.FromSeconds(5);

    private readonly WorkerContext context;
    private readonly WorkflowTaskHandler handler;
    private readonly string? stickyQueue;

    public WorkflowWorker(WorkerContext context, ActivityWorker activities)
    {
        this.context = context;
        stickyQueue = context.Options.MaxCachedWorkflows > 0 ? $"{context.Identity}-{Guid.NewGuid():N}" : null;
        handler = new(context, activities, stickyQueue);
    }

    public async Task RunAsync(CancellationToken stop)
    {
        using var slots = new SemaphoreSlim(context.Options.MaxConcurrentWorkflowTasks ?? 100);
        var polls = Math.Max(stickyQueue is null ? 1 : 2, context.Options.MaxConcurrentWorkflowTaskPolls);
        var common = stickyQueue is null ? polls : Math.Clamp((int)(polls * context.Options.NonStickyToStickyPollRatio), 1, polls - 1);
        var loops = new List<Task> { Loop(new() { Name = context.TaskQueue }, slots).RunAsync(common, stop) };
        if (stickyQueue is not null)
        {
            loops.Add(Loop(new() { Name = stickyQueue, Kind = TaskQueueKind.Sticky, NormalName = context.TaskQueue }, slots).RunAsync(polls - common, stop));
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

    private PollLoop<PollWorkflowTaskQueueResponse> Loop(TaskQueue queue, SemaphoreSlim slots) => new(
        context,
        "workflow",
        slots,
        async options =>
        {
            var response = await context.Service.PollWorkflowTaskQueueAsync(
                new() { Namespace = context.Namespace, TaskQueue = queue, Identity = context.Identity }, options).ConfigureAwait(false);
            return response.TaskToken.IsEmpty ? null : response;
        },
        handler.HandleAsync);
}
