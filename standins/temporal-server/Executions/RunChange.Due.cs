using Google.Protobuf.WellKnownTypes;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;

namespace Mainstay.TemporalServer.Executions;

/// <summary>What the clock does to a run: one due time per run, computed from its state.</summary>
internal sealed partial class RunChange
{
    /// <summary>When the clock has to look at the run again; nothing when it waits for others alone.</summary>
    public static Timestamp? NextDue(RunState state)
    {
        if (state.Status != WorkflowExecutionStatus.Running)
        {
            return null;
        }

        Timestamp? next = null;
        void At(Timestamp? due) => next = due is null || (next is not null && next <= due) ? next : due;
        At(state.RunExpiration);
        At(state.FirstTaskPending ? state.FirstTaskTime : null);
        At(state.WorkflowTask?.Due);
        foreach (var timer in state.Timers.Values)
        {
            At(timer.Due);
        }

        foreach (var activity in state.Activities.Values)
        {
            At(activity.Dispatched || activity.Pause is not null ? null : activity.ScheduledTime);
            At(FirstTimeout(activity).Due);
        }

        return next;
    }

    /// <summary>Does everything whose time has come.</summary>
    public void HandleDue()
    {
        if (State.RunExpiration is { } end && end <= Now)
        {
            TimeOut();
            return;
        }

        if (State.FirstTaskPending && State.FirstTaskTime <= Now)
        {
            State.FirstTaskPending = false;
            wake = true;
        }

        foreach (var timer in State.Timers.Values.Where(t => t.Due <= Now).OrderBy(t => t.Due.ToDateTime()).ThenBy(t => t.StartedEventId).ToList())
        {
            State.Timers.Remove(timer.TimerId);
            Hold(new HistoryEvent { EventType = EventType.TimerFired, TimerFiredEventAttributes = new() { TimerId = timer.TimerId, StartedEventId = timer.StartedEventId } });
        }

        foreach (var activity in State.Activities.Values.OrderBy(a => a.ScheduledEventId).ToList())
        {
            if (FirstTimeout(activity) is var (due, type) && due is not null && due <= Now)
            {
                TimeOutActivity(activity, type);
            }
            else if (activity is { Dispatched: false, Pause: null } && activity.ScheduledTime <= Now)
            {
                DispatchActivity(activity);
            }
        }

        if (State.WorkflowTask is { Due: { } taskDue } task && taskDue <= Now)
        {
            TimeOutTask(task);
        }
    }

    private static (Timestamp? Due, TimeoutType Type) FirstTimeout(Activity activity)
    {
        (Timestamp? Due, TimeoutType Type) first = (null, TimeoutType.Unspecified);
        if (activity.Pause is not null)
        {
            return first;
        }

        void At(Timestamp? from, Duration? wait, TimeoutType type)
        {
            if (from is not null && wait.IsSet() && (first.Due is null || from + wait < first.Due))
            {
                first = (from + wait, type);
            }
        }

        var asked = activity.Scheduled;
        At(activity.FirstScheduledTime, asked.ScheduleToCloseTimeout, TimeoutType.ScheduleToClose);
        if (activity.StartedTime is null)
        {
            At(activity.ScheduledTime, asked.ScheduleToStartTimeout, TimeoutType.ScheduleToStart);
        }
        else
        {
            At(activity.StartedTime, asked.StartToCloseTimeout, TimeoutType.StartToClose);
            At(activity.LastHeartbeatTime ?? activity.StartedTime, asked.HeartbeatTimeout, TimeoutType.Heartbeat);
        }

        return first;
    }
}
