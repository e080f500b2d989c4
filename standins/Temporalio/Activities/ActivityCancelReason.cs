namespace Temporalio.Activities;

/// <summary>Why an activity is cancelled.</summary>
public enum ActivityCancelReason
{
    None,
    GoneFromServer,
    CancelRequested,
    Timeout,
    WorkerShutdown,
    HeartbeatRecordFailure,
    Paused,
    Reset,
}
