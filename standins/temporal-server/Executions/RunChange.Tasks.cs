using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.Failure.V1;
using Temporalio.Api.History.V1;
using Temporalio.Api.TaskQueue.V1;

namespace Mainstay.TemporalServer.Executions;

/// <summary>The life of the workflow task: scheduled, started, failed, timed out.</summary>
internal sealed partial class RunChange
{
    /// <summary>Offers a workflow task that leaves no trace unless the worker does something with it.</summary>
    public void ScheduleSpeculativeTask()
    {
        if (State.WorkflowTask is null && Open && !State.FirstTaskPending)
        {
            NewTask(attempt: 1, speculative: true);
        }
    }

    /// <summary>Gives the waiting task to a worker; false when it is not waiting any more.</summary>
    public bool StartTask(long scheduledEventId, int attempt, string identity)
    {
        if (!Open || State.WorkflowTask is not { StartedEventId: 0 } task || task.ScheduledEventId != scheduledEventId || task.Attempt != attempt)
        {
            return false;
        }

        task.Identity = identity;
        if (!task.Written && task.ScheduledEventId != State.NextEventId)
        {
            task.Attempt = 1;
            task.ScheduledEventId = State.NextEventId;
            WriteScheduled(task);
        }

        task.StartedTime = Now;
        task.HistoryBytes = State.HistoryBytes;
        task.Reasons.Clear();
        task.Reasons.Add(ReasonsToContinueAsNew());
        task.Due = Later(State.Started.WorkflowTaskTimeout);
        task.StartedEventId = task.Written ? Append(StartedEvent(task)).EventId : task.ScheduledEventId + 1;
        return true;
    }

    /// <summary>Gives the first task to the worker that starts the run, in the same transition.</summary>
    public void StartTaskEagerly(string identity)
    {
        if (State.WorkflowTask is { } task && StartTask(task.ScheduledEventId, task.Attempt, identity))
        {
            Dispatches.Clear();
        }
    }

    /// <summary>The events of a task that are not written yet, for the worker that is to see them.</summary>
    public static IEnumerable<HistoryEvent> UnwrittenEvents(RunState state)
    {
        if (state.WorkflowTask is { Written: false, StartedEventId: > 0 } task)
        {
            yield return ScheduledEvent(state, task).With(task.ScheduledEventId, task.ScheduledTime);
            yield return StartedEvent(task).With(task.StartedEventId, task.StartedTime);
        }
    }

    /// <summary>Ends the attempt without a result; the task is offered again.</summary>
    public void FailTask(WorkflowTaskFailedCause cause, Failure? failure, string identity)
    {
        var task = State.WorkflowTask;
        if (task.Attempt == 1)
        {
            WriteFailed(task, cause, failure, identity);
        }

        Retry(task);
    }

    private void TimeOutTask(WorkflowTask task)
    {
        var unseen = task.StartedEventId == 0;
        if (unseen && task.Speculative && !task.Written)
        {
            WriteScheduled(task);
        }

        if (task.Attempt == 1)
        {
            if (!unseen)
            {
                WriteTask(task);
            }

            Append(new HistoryEvent
            {
                EventType = EventType.WorkflowTaskTimedOut,
                WorkflowTaskTimedOutEventAttributes = new()
                {
                    ScheduledEventId = task.ScheduledEventId,
                    StartedEventId = task.StartedEventId,
                    TimeoutType = unseen ? TimeoutType.ScheduleToStart : TimeoutType.StartToClose,
                },
            });
        }

        if (unseen)
        {
            State.WorkflowTask = null;
            State.StickyQueue = null;
            ScheduleTask();
            return;
        }

        Retry(task);
    }

    private void Retry(WorkflowTask task)
    {
        State.WorkflowTask = null;
        State.StickyQueue = null;
        if (Flush())
        {
            ScheduleTask();
        }
        else
        {
            NewTask(task.Attempt + 1, speculative: false);
        }
    }

    private void ScheduleTask()
    {
        var task = NewTask(attempt: 1, speculative: false);
        WriteScheduled(task);
    }

    private WorkflowTask NewTask(int attempt, bool speculative)
    {
        var sticky = State.StickyQueue is { Name.Length: > 0 };
        var queue = sticky ? State.StickyQueue : new TaskQueue { Name = State.Started.TaskQueue.Name, Kind = TaskQueueKind.Normal };
        var task = State.WorkflowTask = new WorkflowTask
        {
            ScheduledEventId = State.NextEventId,
            Attempt = attempt,
            Speculative = speculative,
            ScheduledTime = Now,
            OriginalScheduledTime = Now,
            Queue = queue,
            Due = sticky ? Later(State.StickyTimeout) : null,
        };
        Dispatches.Add(DispatchOf(State, task));
        return task;
    }

    /// <summary>The dispatch of the workflow task that waits in a state.</summary>
    public static TaskDispatch DispatchOf(RunState state, WorkflowTask task) =>
        new(true, task.Queue.Name, task.Queue.Kind == TaskQueueKind.Sticky, task.ScheduledEventId, task.Attempt, state.Started.TaskQueue.Name);

    private void WriteTask(WorkflowTask task)
    {
        if (!task.Written)
        {
            WriteScheduled(task);
            task.StartedEventId = Append(StartedEvent(task)).EventId;
        }
    }

    private void WriteFailed(WorkflowTask task, WorkflowTaskFailedCause cause, Failure? failure, string identity)
    {
        WriteTask(task);
        Append(new HistoryEvent
        {
            EventType = EventType.WorkflowTaskFailed,
            WorkflowTaskFailedEventAttributes = new() { ScheduledEventId = task.ScheduledEventId, StartedEventId = task.StartedEventId, Cause = cause, Failure = failure, Identity = identity },
        });
    }

    private void WriteScheduled(WorkflowTask task)
    {
        writingTask = true;
        var scheduled = Append(ScheduledEvent(State, task));
        scheduled.EventTime = task.ScheduledTime;
        task.ScheduledEventId = scheduled.EventId;
        task.Written = true;
        writingTask = false;
    }

    private static HistoryEvent ScheduledEvent(RunState state, WorkflowTask task) => new()
    {
        EventType = EventType.WorkflowTaskScheduled,
        WorkflowTaskScheduledEventAttributes = new() { TaskQueue = task.Queue, StartToCloseTimeout = state.Started.WorkflowTaskTimeout, Attempt = task.Attempt },
    };

    private static HistoryEvent StartedEvent(WorkflowTask task) => new()
    {
        EventType = EventType.WorkflowTaskStarted,
        EventTime = task.StartedTime,
        WorkflowTaskStartedEventAttributes = new()
        {
            ScheduledEventId = task.ScheduledEventId,
            Identity = task.Identity,
            RequestId = $"{task.ScheduledEventId}/{task.Attempt}",
            HistorySizeBytes = task.HistoryBytes,
            SuggestContinueAsNew = task.Reasons.Count > 0,
            SuggestContinueAsNewReasons = { task.Reasons },
        },
    };

    private Timestamp Later(Duration? wait) => Now + (wait ?? new Duration());
}

/// <summary>Small helpers on protobuf messages.</summary>
internal static class MessageExtensions
{
    /// <summary>Sets the id and time of an event.</summary>
    public static HistoryEvent With(this HistoryEvent happened, long id, Timestamp time)
    {
        happened.EventId = id;
        happened.EventTime = time;
        return happened;
    }

    /// <summary>True for a duration that is given and longer than nothing.</summary>
    public static bool IsSet(this Duration? duration) => duration is not null && (duration.Seconds > 0 || duration.Nanos > 0);

    /// <summary>The size of a message on the wire, nothing for none.</summary>
    public static int Size(this IMessage? message) => message?.CalculateSize() ?? 0;
}
