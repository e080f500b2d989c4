using Temporalio.Api.Command.V1;
using Temporalio.Api.WorkflowService.V1;
using Temporalio.Worker.Activities;
using Temporalio.Worker.Tuning;

namespace Temporalio.Worker.Execution;

/// <summary>The slots kept free for activities that may come with the answer to a workflow task.</summary>
internal sealed class EagerActivities : IDisposable
{
    private readonly ActivityWorker activities;
    private readonly Queue<SlotPermit> permits = new();

    public EagerActivities(WorkerContext context, ActivityWorker activities, IEnumerable<Command> commands)
    {
        this.activities = activities;
        if (!activities.TakesEagerTasks)
        {
            return;
        }

        foreach (var scheduled in commands.Select(command => command.ScheduleActivityTaskCommandAttributes).Where(scheduled => scheduled is not null))
        {
            if (permits.Count < context.Options.MaxEagerActivityReservationsPerWorkflowTask && scheduled.TaskQueue.Name == context.TaskQueue && activities.TryReserve() is { } permit)
            {
                scheduled.RequestEagerExecution = true;
                permits.Enqueue(permit);
            }
        }
    }

    /// <summary>Runs what came.</summary>
    public void Start(IEnumerable<PollActivityTaskQueueResponse> tasks)
    {
        foreach (var task in tasks)
        {
            activities.StartEager(task, permits.Dequeue());
        }
    }

    /// <summary>Gives the slots back for which nothing came.</summary>
    public void Dispose()
    {
        while (permits.TryDequeue(out var permit))
        {
            activities.Release(permit);
        }
    }
}
