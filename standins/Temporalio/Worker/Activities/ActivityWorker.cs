using System.Collections.Concurrent;
using Temporalio.Activities;
using Temporalio.Api.WorkflowService.V1;
using Temporalio.Worker.Execution;
using Temporalio.Worker.Execution.Commands;
using Temporalio.Worker.Polling;
using Temporalio.Worker.Tuning;

namespace Temporalio.Worker.Activities;

/// <summary>Polls for activity tasks and runs them.</summary>
internal sealed class ActivityWorker
{
    private readonly WorkerContext context;
    private readonly Dictionary<string, ActivityDefinition> named;
    private readonly ActivityDefinition? dynamic;
    private readonly ConcurrentDictionary<RunningActivity, bool> running = new();
    private readonly CancellationTokenSource shutdown = new();
    private readonly Slots slots;
    private readonly Slots localSlots;
    private readonly PollLoop<PollActivityTaskQueueResponse> loop;

    public ActivityWorker(WorkerContext context)
    {
        this.context = context;
        named = context.Options.Activities.Where(activity => !activity.Dynamic).ToDictionary(activity => activity.Name!);
        dynamic = context.Options.Activities.FirstOrDefault(activity => activity.Dynamic);
        var options = context.Options;
        slots = new(context, SlotType.Activity, options.Tuner?.ActivityTaskSlotSupplier, options.MaxConcurrentActivities);
        localSlots = new(context, SlotType.LocalActivity, options.Tuner?.LocalActivitySlotSupplier, options.MaxConcurrentLocalActivities);
        loop = new(
            context,
            new(
                "activity",
                "activity_task",
                false,
                PollAsync,
                answer => answer.TaskToken.IsEmpty ? null : new SlotInfo.ActivitySlotInfo(answer.ActivityType.Name),
                answer => answer.PollerScalingDecision,
                withTask => context.Metrics.Count("activity_poll_no_task", withTask ? 0 : 1),
                HandleAsync),
            slots,
            new(options.ActivityTaskPollerBehavior ?? new PollerBehavior.SimpleMaximum(Math.Max(1, options.MaxConcurrentActivityTaskPolls))),
            new(options.MaxActivitiesPerSecond, context.Clock));
    }

    /// <summary>Whether the server may hand over activities together with its answer to a workflow task.</summary>
    public bool TakesEagerTasks => named.Count + (dynamic is null ? 0 : 1) > 0 &&
        context.Options is { LocalActivityWorkerOnly: false, DisableEagerActivityExecution: false, MaxTaskQueueActivitiesPerSecond: null, MaxActivitiesPerSecond: null } && !shutdown.IsCancellationRequested;

    /// <summary>A slot for an activity that may come with the answer to a workflow task; null when none is free.</summary>
    public SlotPermit? TryReserve() => slots.TryReserve();

    public void Release(SlotPermit permit) => slots.Release(permit);

    /// <summary>Runs an activity that came with the answer to a workflow task.</summary>
    public void StartEager(PollActivityTaskQueueResponse task, SlotPermit permit) => loop.Start(task, new SlotInfo.ActivitySlotInfo(task.ActivityType.Name), permit);

    /// <summary>Fires when the worker begins to stop.</summary>
    public CancellationToken ShutdownToken => shutdown.Token;

    public async Task RunAsync(CancellationToken stop)
    {
        using var grace = stop.Register(() => _ = DrainAsync());
        await loop.RunAsync(stop).ConfigureAwait(false);
    }

    public ActivityDefinition Find(string type) => named.GetValueOrDefault(type) ?? dynamic ?? throw new ApplicationFailureException(
        $"Activity {type} is not registered on this worker, available activities: {string.Join(", ", named.Keys.Order())}", errorType: "NotFoundError");

    public async Task<LocalActivityResult> RunLocalAsync(LocalActivityMachine machine, Workflows.WorkflowInfo workflow, PollWorkflowTaskQueueResponse task)
    {
        var permit = await localSlots.ReserveAsync(false, CancellationToken.None).ConfigureAwait(false);
        localSlots.Use(permit, new SlotInfo.LocalActivitySlotInfo(machine.Scheduled.ActivityType));
        try
        {
            return await new LocalActivityAttempts(context, this, machine, workflow, task).RunAsync().ConfigureAwait(false);
        }
        finally
        {
            localSlots.Release(permit);
        }
    }

    private Task<PollActivityTaskQueueResponse> PollAsync(Client.RpcOptions options) => context.Service.PollActivityTaskQueueAsync(
        new PollActivityTaskQueueRequest
        {
            Namespace = context.Namespace,
            TaskQueue = new() { Name = context.TaskQueue },
            Identity = context.Identity,
            TaskQueueMetadata = context.Options.MaxTaskQueueActivitiesPerSecond is { } rate ? new() { MaxTasksPerSecond = rate } : null,
        }.Mark(context.Options),
        options);

    private async Task HandleAsync(PollActivityTaskQueueResponse task)
    {
        using var activity = new RunningActivity(context, this, task);
        running[activity] = true;
        try
        {
            await activity.RunAsync().ConfigureAwait(false);
        }
        finally
        {
            running.TryRemove(activity, out _);
        }
    }

    private async Task DrainAsync()
    {
        await shutdown.CancelAsync().ConfigureAwait(false);
        using var grace = new CancellationTokenSource(context.Options.GracefulShutdownTimeout, context.Clock);
        await grace.Token.WhenCancelledAsync().ConfigureAwait(false);
        foreach (var activity in running.Keys)
        {
            activity.Cancel(ActivityCancelReason.WorkerShutdown, new() { IsWorkerShutdown = true });
        }
    }
}
