namespace Temporalio.Workflows;

/// <summary>Options of an activity; one of StartToCloseTimeout and ScheduleToCloseTimeout is obligatory.</summary>
public class ActivityOptions : ICloneable
{
    public TimeSpan? ScheduleToCloseTimeout { get; set; }

    public TimeSpan? ScheduleToStartTimeout { get; set; }

    public TimeSpan? StartToCloseTimeout { get; set; }

    public TimeSpan? HeartbeatTimeout { get; set; }

    public RetryPolicy? RetryPolicy { get; set; }

    public ActivityCancellationType CancellationType { get; set; } = ActivityCancellationType.TryCancel;

    /// <summary>Cancels the activity; the workflow's own token by default.</summary>
    public CancellationToken? CancellationToken { get; set; }

    /// <summary>The queue; the workflow's own by default.</summary>
    public string? TaskQueue { get; set; }

    public string? Summary { get; set; }

    public string? ActivityId { get; set; }

    public bool DisableEagerActivityExecution { get; set; }

    public Priority? Priority { get; set; }

    public virtual object Clone() => MemberwiseClone();
}

/// <summary>Options of a local activity; one of StartToCloseTimeout and ScheduleToCloseTimeout is obligatory.</summary>
public class LocalActivityOptions : ICloneable
{
    public TimeSpan? ScheduleToCloseTimeout { get; set; }

    public TimeSpan? ScheduleToStartTimeout { get; set; }

    public TimeSpan? StartToCloseTimeout { get; set; }

    public RetryPolicy? RetryPolicy { get; set; }

    public ActivityCancellationType CancellationType { get; set; } = ActivityCancellationType.TryCancel;

    public CancellationToken? CancellationToken { get; set; }

    public string? ActivityId { get; set; }

    /// <summary>Waits for a retry longer than this become timers; one minute by default.</summary>
    public TimeSpan? LocalRetryThreshold { get; set; }

    public string? Summary { get; set; }

    public virtual object Clone() => MemberwiseClone();
}
