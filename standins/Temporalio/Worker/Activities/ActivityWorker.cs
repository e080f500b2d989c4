using System.Collections.Concurrent;
using Temporalio.Activities;
using Temporalio.Api.WorkflowService.V1;
using Temporalio.Worker.Execution;
using Temporalio.Worker.Execution.Commands;
using Temporalio.Worker.Polling;

namespace Temporalio.Worker.Activities;

/// <summary>Polls for activity tasks and runs them.</summary>
internal sealed class ActivityWorker
{
    private readonly WorkerContext context;
    private readonly Dictionary<string, ActivityDefinition> named;
    private readonly ActivityDefinition? dynamic;
    private readonly ConcurrentDictionary<RunningActivity, bool> running = new();
    private readonly CancellationTokenSource shutdown = new();
    private readonly SemaphoreSlim localSlots;

    public ActivityWorker(WorkerContext context)
    {
        this.context = context;
        named = context.Options.Activities.Where(activity => !activity.Dynamic).ToDictionary(activity => activity.Name!);
        dynamic = context.Options.Activities.FirstOrDefault(activity => activity.Dynamic);
        localSlots = new(context.Options.MaxConcurrentLocalActivities ?? 100);
    }

    /// <summary>Fires when the worker begins to stop.</summary>
    public CancellationToken ShutdownToken => shutdown.Token;

    public async Task RunAsync(CancellationToken stop)
    {
        using var slots = new SemaphoreSlim(context.Options.MaxConcurrentActivities ?? 100);
        using var grace = stop.Register(() => _ = DrainAsync());
        await new PollLoop<PollActivityTaskQueueResponse>(context, "activity", slots, PollAsync, HandleAsync)
            .RunAsync(Math.Max(1, context.Options.MaxConcurrentActivityTaskPolls), stop).ConfigureAwait(false);
    }

    public ActivityDefinition Find(string type) => named.GetValueOrDefault(type) ?? dynamic ?? throw new ApplicationFailureException(
        $"Activity {type} is not registered on this worker, available activities: {string.Join(", ", named.Keys.Order())}", errorType: "NotFoundError");

    public async Task<LocalActivityResult> RunLocalAsync(LocalActivityMachine machine, Workflows.WorkflowInfo workflow, PollWorkflowTaskQueueResponse task)
    {
        await localSlots.WaitAsync().ConfigureAwait(false);
        try
        {
            return await new LocalActivityAttempts(context, this, machine, workflow, task).RunAsync().ConfigureAwait(false);
        }
        finally
        {
            localSlots.Release();
        }
    }

    private async Task<PollActivityTaskQueueResponse?> PollAsync(Client.RpcOptions options)
    {
        var request = new PollActivityTaskQueueRequest
        {
            Namespace = context.Namespace,
            TaskQueue = new() { Name = context.TaskQueue },
            Identity = context.Identity,
            TaskQueueMetadata = context.Options.MaxTaskQueueActivitiesPerSecond is { } rate ? new() { MaxTasksPerSecond = rate } : null,
        };
        var response = await context.Service.PollActivityTaskQueueAsync(request, options).ConfigureAwait(false);
        return response.TaskToken.IsEmpty ? null : response;
    }

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
