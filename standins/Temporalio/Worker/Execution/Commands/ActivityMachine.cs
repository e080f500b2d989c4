using Temporalio.Api.Command.V1;
using Temporalio.Workflows;

namespace Temporalio.Worker.Execution.Commands;

/// <summary>An activity: scheduled, then completed, failed, timed out or cancelled.</summary>
internal sealed class ActivityMachine
{
    private readonly CommandBook book;
    private readonly ScheduleActivityTaskCommandAttributes attributes;
    private readonly ActivityCancellationType cancellationType;
    private readonly PendingCommand schedule;
    private readonly TaskCompletionSource<ActivityOutcome> closed = new();
    private long scheduledEventId;
    private PendingCommand? cancel;

    public ActivityMachine(
        CommandBook book, ScheduleActivityTaskCommandAttributes attributes, Payload? summary, ActivityCancellationType cancellationType, Action<long, ActivityMachine> scheduled)
    {
        this.book = book;
        this.attributes = attributes;
        this.cancellationType = cancellationType;
        schedule = new(
            new()
            {
                CommandType = CommandType.ScheduleActivityTask,
                ScheduleActivityTaskCommandAttributes = attributes,
                UserMetadata = summary is null ? null : new() { Summary = summary },
            },
            EventType.ActivityTaskScheduled,
            $"ScheduleActivityTask({attributes.ActivityType.Name}, id {attributes.ActivityId})")
        {
            Matches = e => e.ActivityTaskScheduledEventAttributes.ActivityId == attributes.ActivityId &&
                e.ActivityTaskScheduledEventAttributes.ActivityType.Name == attributes.ActivityType.Name,
            Confirmed = e =>
            {
                scheduledEventId = e.EventId;
                scheduled(e.EventId, this);
            },
        };
        book.Add(schedule);
    }

    public Task<ActivityOutcome> Task => closed.Task;

    public void Complete(Payloads? result) => Close(new(result, null));

    public void Fail(Failure? cause, string message, RetryState retryState, long startedEventId, string identity) => Close(new(null, new()
    {
        Message = message,
        Cause = cause,
        ActivityFailureInfo = new()
        {
            ScheduledEventId = scheduledEventId,
            StartedEventId = startedEventId,
            Identity = identity,
            ActivityType = attributes.ActivityType,
            ActivityId = attributes.ActivityId,
            RetryState = retryState,
        },
    }));

    public void Cancel()
    {
        if (closed.Task.IsCompleted || cancel is not null)
        {
            return;
        }

        if (!book.Withdraw(schedule) && cancellationType != ActivityCancellationType.Abandon)
        {
            cancel = new(
                new() { CommandType = CommandType.RequestCancelActivityTask, RequestCancelActivityTaskCommandAttributes = new() { ScheduledEventId = scheduledEventId } },
                EventType.ActivityTaskCancelRequested,
                $"RequestCancelActivityTask({attributes.ActivityType.Name}, id {attributes.ActivityId})")
            {
                Matches = e => e.ActivityTaskCancelRequestedEventAttributes.ScheduledEventId == scheduledEventId,
            };
            book.Add(cancel);
            if (cancellationType == ActivityCancellationType.WaitCancellationCompleted)
            {
                return;
            }
        }

        var sent = cancel;
        Fail(new() { Message = "Activity cancelled", CanceledFailureInfo = new() }, "Activity cancelled", RetryState.CancelRequested, 0, string.Empty, sent);
    }

    private void Fail(Failure cause, string message, RetryState retryState, long startedEventId, string identity, PendingCommand? keep)
    {
        // The request to cancel must still be sent though the workflow no longer waits.
        cancel = null;
        Fail(cause, message, retryState, startedEventId, identity);
        cancel = keep;
    }

    private void Close(ActivityOutcome outcome)
    {
        book.Withdraw(cancel);
        closed.TrySetResult(outcome);
    }
}

/// <summary>How an activity ended: a result, or the failure that the workflow sees.</summary>
internal sealed record ActivityOutcome(Payloads? Result, Failure? Failure);
