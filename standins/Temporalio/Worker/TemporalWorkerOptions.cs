using Temporalio.Activities;
using Temporalio.Worker.Tuning;
using Temporalio.Workflows;

namespace Temporalio.Worker;

/// <summary>What a worker runs, and how much at once.</summary>
public class TemporalWorkerOptions : ICloneable
{
    public TemporalWorkerOptions()
    {
    }

    public TemporalWorkerOptions(string taskQueue) => TaskQueue = taskQueue;

    public string? TaskQueue { get; set; }

    public IList<ActivityDefinition> Activities { get; private set; } = [];

    public IList<WorkflowDefinition> Workflows { get; private set; } = [];

    /// <summary>Starts the tasks of activities; the thread pool by default.</summary>
    public TaskFactory ActivityTaskFactory { get; set; } = Task.Factory;

    public IReadOnlyCollection<Interceptors.IWorkerInterceptor>? Interceptors { get; set; }

    /// <summary>Who the server records as the worker; the client's identity by default.</summary>
    public string? Identity { get; set; }

    /// <summary>Activities at once; 100 by default.</summary>
    public int? MaxConcurrentActivities { get; set; }

    /// <summary>Longest time that a heartbeat is held back; 60 seconds by default.</summary>
    public TimeSpan MaxHeartbeatThrottleInterval { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Time that a heartbeat is held back where no heartbeat time-out is set; 30 seconds by default.</summary>
    public TimeSpan DefaultHeartbeatThrottleInterval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Activities started per second by this worker; no limit by default.</summary>
    public double? MaxActivitiesPerSecond { get; set; }

    /// <summary>Activities started per second by all workers of the queue; no limit by default.</summary>
    public double? MaxTaskQueueActivitiesPerSecond { get; set; }

    /// <summary>Time for activities to finish at shutdown before they are cancelled; none by default.</summary>
    public TimeSpan GracefulShutdownTimeout { get; set; } = TimeSpan.Zero;

    /// <summary>Runs kept in memory between their tasks; 10,000 by default, 0 keeps none.</summary>
    public int MaxCachedWorkflows { get; set; } = 10000;

    /// <summary>Workflow tasks at once; 100 by default.</summary>
    public int? MaxConcurrentWorkflowTasks { get; set; }

    /// <summary>Local activities at once; 100 by default.</summary>
    public int? MaxConcurrentLocalActivities { get; set; }

    /// <summary>Whether the worker polls for no activities, and runs local ones only.</summary>
    public bool LocalActivityWorkerOnly { get; set; }

    /// <summary>How long a task waits for this worker before any worker may take it; 10 seconds by default.</summary>
    public TimeSpan StickyQueueScheduleToStartTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Polls for workflow tasks at once; 5 by default.</summary>
    public int MaxConcurrentWorkflowTaskPolls { get; set; } = 5;

    /// <summary>Share of those polls on the common queue; the others are on this worker's own.</summary>
    public float NonStickyToStickyPollRatio { get; set; } = 0.2F;

    /// <summary>Polls for activities at once; 5 by default.</summary>
    public int MaxConcurrentActivityTaskPolls { get; set; } = 5;

    /// <summary>Exceptions that fail a workflow; others fail the task, which is retried.</summary>
    public IReadOnlyCollection<Type>? WorkflowFailureExceptionTypes { get; set; }

    /// <summary>Whether deadlocks of workflow code go undetected, so that it can be debugged.</summary>
    public bool DebugMode { get; set; } = Environment.GetEnvironmentVariable("TEMPORAL_DEBUG") is not null;

    /// <summary>How many polls for workflow tasks there are at once; fixed, by <see cref="MaxConcurrentWorkflowTaskPolls" />, unless set.</summary>
    public PollerBehavior? WorkflowTaskPollerBehavior { get; set; }

    /// <summary>How many polls for activities there are at once; fixed, by <see cref="MaxConcurrentActivityTaskPolls" />, unless set.</summary>
    public PollerBehavior? ActivityTaskPollerBehavior { get; set; }

    /// <summary>Gives out the slots in which tasks run; in place of the fixed maxima.</summary>
    public WorkerTuner? Tuner { get; set; }

    /// <summary>Whether activities never come with the answer to the workflow task that schedules them; false by default.</summary>
    public bool DisableEagerActivityExecution { get; set; }

    /// <summary>Slots kept for such activities per workflow task; 3 by default.</summary>
    public int MaxEagerActivityReservationsPerWorkflowTask { get; set; } = 3;

    /// <summary>Whether the server alone judges what is too large; false by default: an answer over the namespace's limits fails the attempt.</summary>
    public bool DisablePayloadErrorLimit { get; set; }

    /// <summary>The deployment and version of this worker; none by default.</summary>
    public WorkerDeploymentOptions? DeploymentOptions { get; set; }

    /// <summary>The build of this worker, where no deployment is set.</summary>
    public string? BuildId { get; set; }

    /// <summary>Whether tasks are routed by <see cref="BuildId" />, in the older kind of versioning; false by default.</summary>
    public bool UseWorkerVersioning { get; set; }

    /// <summary>Change a worker's options and surround its run; each is called in this order.</summary>
    public IReadOnlyCollection<ITemporalWorkerPlugin>? Plugins { get; set; }

    public ILoggerFactory? LoggerFactory { get; set; }

    public TemporalWorkerOptions AddActivity(Delegate del) => AddActivity(ActivityDefinition.Create(del));

    public TemporalWorkerOptions AddActivity(ActivityDefinition definition)
    {
        Activities.Add(definition);
        return this;
    }

    public TemporalWorkerOptions AddAllActivities<T>(T? instance) => AddAllActivities(typeof(T), instance);

    public TemporalWorkerOptions AddAllActivities(Type type, object? instance)
    {
        foreach (var definition in ActivityDefinition.CreateAll(type, instance))
        {
            Activities.Add(definition);
        }

        return this;
    }

    public TemporalWorkerOptions AddWorkflow<T>() => AddWorkflow(typeof(T));

    public TemporalWorkerOptions AddWorkflow(Type type) => AddWorkflow(WorkflowDefinition.Create(type));

    public TemporalWorkerOptions AddWorkflow(WorkflowDefinition definition)
    {
        Workflows.Add(definition);
        return this;
    }

    public virtual object Clone()
    {
        var copy = (TemporalWorkerOptions)MemberwiseClone();
        copy.Activities = [.. Activities];
        copy.Workflows = [.. Workflows];
        copy.DeploymentOptions = (WorkerDeploymentOptions?)DeploymentOptions?.Clone();
        return copy;
    }
}
