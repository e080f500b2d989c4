using Google.Protobuf.WellKnownTypes;
using Temporalio.Api.Command.V1;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;
using Temporalio.Api.TaskQueue.V1;

namespace Mainstay.TemporalServer.Executions;

/// <summary>Commands that schedule and cancel activities.</summary>
internal sealed partial class RunChange
{
    private void ScheduleActivity(ScheduleActivityTaskCommandAttributes asked)
    {
        if (Refusal(asked) is { } refusal)
        {
            throw new BadCommandException(WorkflowTaskFailedCause.BadScheduleActivityAttributes, $"BadScheduleActivityAttributes: {refusal}");
        }

        if (State.Activities.Values.Any(a => a.Scheduled.ActivityId == asked.ActivityId))
        {
            throw new BadCommandException(
                WorkflowTaskFailedCause.ScheduleActivityDuplicateId,
                $"ScheduleActivityDuplicateId: invalid history builder state for action: add-activitytask-scheduled-event, ActivityID: {asked.ActivityId}");
        }

        CheckPending(State.Activities.Count, "pending activities", WorkflowTaskFailedCause.PendingActivitiesLimitExceeded);
        var scheduled = Settled(asked);
        var happened = Append(new HistoryEvent { EventType = EventType.ActivityTaskScheduled, ActivityTaskScheduledEventAttributes = scheduled });
        var activity = new Activity { Scheduled = scheduled, ScheduledEventId = happened.EventId, FirstScheduledTime = Now, ScheduledTime = Now, Attempt = 1 };
        State.Activities[happened.EventId] = activity;
        if (asked.RequestEagerExecution && asked.TaskQueue.Name == State.Started.TaskQueue.Name)
        {
            activity.Dispatched = true;
            StartActivity(happened.EventId, activity.Attempt, worker, asked.TaskQueue.Name);
            Eager.Add(activity);
        }
        else
        {
            DispatchActivity(activity);
        }
    }

    // What is asked, with the server's defaults in what is left open, and each time-out within the others.
    private ActivityTaskScheduledEventAttributes Settled(ScheduleActivityTaskCommandAttributes asked)
    {
        var nothing = new Duration();
        var run = State.Started.WorkflowRunTimeout;
        var toClose = Least(asked.ScheduleToCloseTimeout, run) ?? nothing;
        var scheduled = new ActivityTaskScheduledEventAttributes
        {
            ActivityId = asked.ActivityId,
            ActivityType = asked.ActivityType,
            TaskQueue = new TaskQueue { Name = asked.TaskQueue.Name, Kind = TaskQueueKind.Normal },
            Header = asked.Header,
            Input = asked.Input,
            ScheduleToCloseTimeout = asked.ScheduleToCloseTimeout.IsSet() ? toClose : run.IsSet() ? run : nothing,
            ScheduleToStartTimeout = Least(asked.ScheduleToStartTimeout, asked.ScheduleToCloseTimeout.IsSet() ? toClose : run) ?? nothing,
            StartToCloseTimeout = Least(asked.StartToCloseTimeout, toClose) ?? nothing,
            WorkflowTaskCompletedEventId = completedId,
            RetryPolicy = RetryRules.Fill(asked.RetryPolicy),
            UseWorkflowBuildId = asked.UseWorkflowBuildId,
            Priority = asked.Priority,
        };
        scheduled.HeartbeatTimeout = asked.HeartbeatTimeout.IsSet() ? Least(asked.HeartbeatTimeout, scheduled.StartToCloseTimeout) : nothing;
        return scheduled;
    }

    private void RequestCancelActivity(RequestCancelActivityTaskCommandAttributes asked)
    {
        if (!State.Activities.TryGetValue(asked.ScheduledEventId, out var activity))
        {
            if (State.Buffered.Any(e => e.EventType is EventType.ActivityTaskCompleted or EventType.ActivityTaskFailed or EventType.ActivityTaskTimedOut))
            {
                AppendCancelRequested(asked.ScheduledEventId);
                return;
            }

            throw new BadCommandException(
                WorkflowTaskFailedCause.BadRequestCancelActivityAttributes,
                $"BadRequestCancelActivityAttributes: invalid history builder state for action: add-activitytask-cancel-requested-event, ScheduledEventID: {asked.ScheduledEventId}");
        }

        activity.CancelRequestedEventId = AppendCancelRequested(asked.ScheduledEventId).EventId;
        if (activity.StartedTime is null)
        {
            CancelActivity(activity, NotStarted, worker);
        }
    }

    private HistoryEvent AppendCancelRequested(long scheduledEventId) => Append(new HistoryEvent
    {
        EventType = EventType.ActivityTaskCancelRequested,
        ActivityTaskCancelRequestedEventAttributes = new() { ScheduledEventId = scheduledEventId, WorkflowTaskCompletedEventId = completedId },
    });

    private static Payloads NotStarted => new()
    {
        Payloads_ =
        {
            new Payload
            {
                Metadata = { ["encoding"] = Google.Protobuf.ByteString.CopyFromUtf8("json/plain") },
                Data = Google.Protobuf.ByteString.CopyFromUtf8("\"ACTIVITY_ID_NOT_STARTED\""),
            },
        },
    };

    private static string? Refusal(ScheduleActivityTaskCommandAttributes asked) => asked switch
    {
        { ActivityId.Length: 0 } => "activityId is not set",
        { ActivityType: not { Name.Length: > 0 } } => "activityType is not set",
        { TaskQueue: not { Name.Length: > 0 } } => "taskQueue is not set",
        _ when !asked.StartToCloseTimeout.IsSet() && !asked.ScheduleToCloseTimeout.IsSet() =>
            "a valid StartToClose or ScheduleToCloseTimeout is not set on ScheduleActivityTaskCommand. "
            + $"ActivityId={asked.ActivityId} ActivityType={asked.ActivityType.Name}",
        _ => null,
    };

    private static Duration? Least(Duration? one, Duration? other) =>
        !one.IsSet() ? (other.IsSet() ? other : null) : !other.IsSet() || one!.ToTimeSpan() <= other!.ToTimeSpan() ? one : other;
}
