using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.Failure.V1;
using Temporalio.Api.History.V1;

namespace Mainstay.TemporalServer.Executions;

/// <summary>The life of an activity: taken, heard of, ended, tried again.</summary>
internal sealed partial class RunChange
{
    /// <summary>Gives a waiting activity attempt to a worker; false when it is not waiting any more.</summary>
    public bool StartActivity(long scheduledEventId, int attempt, string identity, string queue)
    {
        if (!Open || !State.Activities.TryGetValue(scheduledEventId, out var activity) || activity is not { StartedTime: null, Dispatched: true, Pause: null }
            || activity.Attempt != attempt || activity.Scheduled.TaskQueue.Name != queue)
        {
            return false;
        }

        activity.StartedTime = Now;
        activity.Identity = identity;
        return true;
    }

    /// <summary>Keeps what the worker reports.</summary>
    public void Heartbeat(Activity activity, Payloads? details)
    {
        activity.LastHeartbeatTime = Now;
        activity.HeartbeatDetails = details;
    }

    /// <summary>Ends an activity with its result.</summary>
    public void CompleteActivity(Activity activity, Payloads? result, string identity)
    {
        End(activity, new HistoryEvent
        {
            EventType = EventType.ActivityTaskCompleted,
            ActivityTaskCompletedEventAttributes = new() { Result = result, ScheduledEventId = activity.ScheduledEventId, Identity = identity },
        });
    }

    /// <summary>Ends an activity's attempt with a failure: another attempt follows if the policy has one.</summary>
    public void FailActivity(Activity activity, Failure? failure, string identity)
    {
        var retryState = TryAgain(activity, failure, TimeoutType.Unspecified);
        if (retryState == RetryState.InProgress)
        {
            return;
        }

        End(activity, new HistoryEvent
        {
            EventType = EventType.ActivityTaskFailed,
            ActivityTaskFailedEventAttributes = new() { Failure = failure, ScheduledEventId = activity.ScheduledEventId, Identity = identity, RetryState = retryState },
        });
    }

    /// <summary>Ends an activity as cancelled, as it was asked to be.</summary>
    public void CancelActivity(Activity activity, Payloads? details, string identity)
    {
        End(activity, new HistoryEvent
        {
            EventType = EventType.ActivityTaskCanceled,
            ActivityTaskCanceledEventAttributes = new()
            {
                Details = details,
                LatestCancelRequestedEventId = activity.CancelRequestedEventId,
                ScheduledEventId = activity.ScheduledEventId,
                Identity = identity,
            },
        });
    }

    private void TimeOutActivity(Activity activity, TimeoutType type)
    {
        var failure = new Failure
        {
            Message = $"activity {type} timeout",
            Source = "Server",
            TimeoutFailureInfo = new() { TimeoutType = type },
        };
        var retryState = TryAgain(activity, failure, type);
        if (retryState == RetryState.InProgress)
        {
            return;
        }

        failure.TimeoutFailureInfo.LastHeartbeatDetails = activity.HeartbeatDetails;
        if (type == TimeoutType.ScheduleToClose)
        {
            failure.Message = "Not enough time to schedule next retry before activity ScheduleToClose timeout, giving up retrying";
            failure.Cause = activity.LastFailure;
        }

        End(activity, new HistoryEvent
        {
            EventType = EventType.ActivityTaskTimedOut,
            ActivityTaskTimedOutEventAttributes = new() { Failure = failure, ScheduledEventId = activity.ScheduledEventId, RetryState = retryState },
        });
    }

    private RetryState TryAgain(Activity activity, Failure? failure, TimeoutType type)
    {
        if (activity.CancelRequestedEventId > 0)
        {
            return RetryState.CancelRequested;
        }

        // Whoever pauses or resets an activity wants another attempt, however many there were.
        var meddled = activity.Pause is not null || activity.Reset;
        var policy = activity.Scheduled.RetryPolicy;
        if (meddled)
        {
            policy = policy.Clone();
            policy.MaximumAttempts = 0;
        }

        var deadline = activity.Scheduled.ScheduleToCloseTimeout.IsSet() && !meddled ? activity.FirstScheduledTime + activity.Scheduled.ScheduleToCloseTimeout : null;
        var (retryState, wait) = RetryRules.Next(policy, activity.Reset ? 1 : activity.Attempt, failure, type, Now, deadline, ownDelay: true);
        if (retryState == RetryState.InProgress)
        {
            activity.Attempt = activity.Reset ? 1 : activity.Attempt + 1;
            activity.HeartbeatDetails = activity.ResetHeartbeats ? null : activity.HeartbeatDetails;
            (activity.Reset, activity.ResetHeartbeats) = (false, false);
            activity.ScheduledTime = Now + wait!;
            activity.StartedTime = null;
            activity.LastHeartbeatTime = null;
            activity.Dispatched = false;
            activity.LastFailure = failure;
            activity.LastAttemptCompleteTime = Now;
            activity.RetryInterval = wait;
        }

        return retryState;
    }

    private void End(Activity activity, HistoryEvent end)
    {
        State.Activities.Remove(activity.ScheduledEventId);
        if (activity.StartedTime is not null)
        {
            Hold(new HistoryEvent
            {
                EventType = EventType.ActivityTaskStarted,
                ActivityTaskStartedEventAttributes = new()
                {
                    ScheduledEventId = activity.ScheduledEventId,
                    Identity = activity.Identity,
                    Attempt = activity.Attempt,
                    LastFailure = activity.LastFailure,
                    RequestId = $"{activity.ScheduledEventId}/{activity.Attempt}",
                },
            });
            State.Buffered[^1].EventTime = activity.StartedTime;
        }

        Hold(end);
    }

    private void DispatchActivity(Activity activity)
    {
        activity.Dispatched = true;
        Dispatches.Add(DispatchOf(State, activity));
    }

    /// <summary>The dispatch of an activity attempt that waits in a state.</summary>
    public static TaskDispatch DispatchOf(RunState state, Activity activity) =>
        new(false, activity.Scheduled.TaskQueue.Name, false, activity.ScheduledEventId, activity.Attempt, activity.Scheduled.TaskQueue.Name);
}
