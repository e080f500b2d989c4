using Google.Protobuf.WellKnownTypes;
using Temporalio.Api.Activity.V1;
using Temporalio.Api.Command.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Mainstay.TemporalServer.Executions;

/// <summary>What an operator does to activities that have not ended; none of it is written into the history.</summary>
internal sealed partial class RunChange
{
    /// <summary>Holds the next attempt of activities back; the one under way is told by its next heartbeat.</summary>
    public void Pause(PauseActivityRequest request)
    {
        foreach (var activity in Picked(request.Id, request.Type, all: false))
        {
            activity.Pause ??= new ActivityPause { Time = Now, Identity = request.Identity, Reason = request.Reason };
        }
    }

    /// <summary>Lets paused activities go on.</summary>
    public void Unpause(UnpauseActivityRequest request, Duration wait)
    {
        foreach (var activity in Picked(request.Id, request.Type, request.UnpauseAll).Where(a => a.Pause is not null))
        {
            activity.Pause = null;
            activity.Attempt = request.ResetAttempts && activity.StartedTime is null ? 1 : activity.Attempt;
            activity.Reset |= request.ResetAttempts && activity.StartedTime is not null;
            ForgetHeartbeats(activity, request.ResetHeartbeat);
            if (activity.StartedTime is null)
            {
                OfferAt(activity, Now + wait);
            }
        }
    }

    /// <summary>Counts the attempts of activities anew: one that waits is offered, one under way goes on and the next is the first again.</summary>
    public void Reset(ResetActivityRequest request, Duration wait)
    {
        foreach (var activity in Picked(request.Id, request.Type, request.MatchAll))
        {
            Restore(activity, request.RestoreOriginalOptions);
            ForgetHeartbeats(activity, request.ResetHeartbeat);
            if (activity.StartedTime is not null)
            {
                activity.Reset = true;
                continue;
            }

            activity.Attempt = 1;
            if (activity.Pause is null || !request.KeepPaused)
            {
                activity.Pause = null;
                OfferAt(activity, Now + wait);
            }
        }
    }

    /// <summary>Changes the options of activities, or puts back what the workflow asked for; returns those of the last one.</summary>
    public ActivityOptions UpdateOptions(UpdateActivityOptionsRequest request)
    {
        Activity? last = null;
        foreach (var activity in Picked(request.Id, request.Type, request.MatchAll))
        {
            if (request.RestoreOriginal)
            {
                Restore(activity, true);
            }
            else
            {
                Change(activity, ActivityOptionsMask.Merge(OptionsOf(activity), request.ActivityOptions, request.UpdateMask));
            }

            if (activity.StartedTime is null)
            {
                OfferAt(activity, activity.Attempt > 1 ? activity.LastAttemptCompleteTime + RetryRules.Wait(activity.Scheduled.RetryPolicy, activity.Attempt - 1) : activity.ScheduledTime);
            }

            last = activity;
        }

        return OptionsOf(last!);
    }

    /// <summary>The options that an activity has at present.</summary>
    public static ActivityOptions OptionsOf(Activity activity) => new()
    {
        TaskQueue = new() { Name = activity.Scheduled.TaskQueue.Name, NormalName = activity.Scheduled.TaskQueue.Name },
        ScheduleToCloseTimeout = activity.Scheduled.ScheduleToCloseTimeout,
        ScheduleToStartTimeout = activity.Scheduled.ScheduleToStartTimeout,
        StartToCloseTimeout = activity.Scheduled.StartToCloseTimeout,
        HeartbeatTimeout = activity.Scheduled.HeartbeatTimeout,
        RetryPolicy = activity.Scheduled.RetryPolicy?.Clone(),
        Priority = activity.Scheduled.Priority?.Clone(),
    };

    private List<Activity> Picked(string id, string type, bool all)
    {
        var picked = State.Activities.Values
            .Where(a => all || (id.Length > 0 ? a.Scheduled.ActivityId == id : a.Scheduled.ActivityType.Name == type))
            .OrderBy(a => a.ScheduledEventId).ToList();
        return picked.Count > 0 ? picked
            : throw new ActivityOperationException("Can't find pending activity with such ID. Invalid activityID or activity already completed", unknown: true);
    }

    private void Change(Activity activity, ActivityOptions options)
    {
        var asked = new ScheduleActivityTaskCommandAttributes
        {
            ActivityId = activity.Scheduled.ActivityId,
            ActivityType = activity.Scheduled.ActivityType,
            TaskQueue = new() { Name = options.TaskQueue?.Name ?? "" },
            ScheduleToCloseTimeout = options.ScheduleToCloseTimeout,
            ScheduleToStartTimeout = options.ScheduleToStartTimeout,
            StartToCloseTimeout = options.StartToCloseTimeout,
            HeartbeatTimeout = options.HeartbeatTimeout,
            RetryPolicy = options.RetryPolicy,
            Priority = options.Priority,
        };
        try
        {
            CommandRules.Check(new Command { CommandType = Temporalio.Api.Enums.V1.CommandType.ScheduleActivityTask, ScheduleActivityTaskCommandAttributes = asked });
        }
        catch (BadCommandException e)
        {
            throw new ActivityOperationException(e.Message, unknown: false);
        }

        if (Refusal(asked) is { } refusal)
        {
            throw new ActivityOperationException(refusal, unknown: false);
        }

        activity.Original ??= activity.Scheduled.Clone();
        var settled = Settled(asked);
        (settled.Header, settled.Input, settled.WorkflowTaskCompletedEventId) = (activity.Scheduled.Header, activity.Scheduled.Input, activity.Scheduled.WorkflowTaskCompletedEventId);
        activity.Scheduled = settled;
    }

    private static void Restore(Activity activity, bool asked)
    {
        if (asked && activity.Original is not null)
        {
            (activity.Scheduled, activity.Original) = (activity.Original, null);
        }
    }

    private static void ForgetHeartbeats(Activity activity, bool asked)
    {
        if (asked && activity.StartedTime is not null)
        {
            activity.ResetHeartbeats = true;
        }
        else if (asked)
        {
            (activity.HeartbeatDetails, activity.LastHeartbeatTime) = (null, null);
        }
    }

    private void OfferAt(Activity activity, Timestamp due)
    {
        (activity.ScheduledTime, activity.Dispatched) = (due, false);
        if (due <= Now && activity.Pause is null)
        {
            DispatchActivity(activity);
        }
    }
}

/// <summary>An operation on activities that cannot be carried out.</summary>
internal sealed class ActivityOperationException(string message, bool unknown) : Exception(message)
{
    /// <summary>True when there is no such activity.</summary>
    public bool Unknown { get; } = unknown;
}
