using Google.Protobuf.WellKnownTypes;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.Failure.V1;
using Temporalio.Api.Schedule.V1;
using Policy = Temporalio.Api.Enums.V1.ScheduleOverlapPolicy;

namespace Mainstay.TemporalServer.Schedules;

/// <summary>One step of a schedule: which times have come, and what the overlap policies make of them; it does no I/O.</summary>
internal sealed class ScheduleChange(ScheduleRecord record, DateTimeOffset now)
{
    private const int MostBuffered = 1000;
    private const int MostRecent = 10;

    /// <summary>The schedule as this step leaves it.</summary>
    public ScheduleRecord Record { get; } = record;

    /// <summary>Workflows that have to end before the next may start, and whether by force.</summary>
    public List<(WorkflowExecution Execution, bool Terminate)> Ends { get; } = [];

    private SpecTimes Times => new(Record.Schedule.Spec, $"{Record.Namespace}/{Record.ScheduleId}");

    private ScheduleState State => Record.Schedule.State;

    private ScheduleInfo Info => Record.Info;

    private bool Exhausted => State.LimitedActions && State.RemainingActions <= 0;

    /// <summary>When the schedule acts next by itself; nothing when it only waits for others.</summary>
    public DateTimeOffset? NextDue() =>
        Record.Starting.Count > 0 || Record.Backfills.Count > 0 ? now
        : State.Paused || Exhausted ? null
        : Times.Next(Record.Processed.ToDateTimeOffset())?.Actual;

    /// <summary>The next times the specification names, as many as asked for.</summary>
    public IEnumerable<Timestamp> Future(int most) => Times.From(now).Take(most).Select(t => Timestamp.FromDateTimeOffset(t.Actual));

    /// <summary>Pauses, goes on, acts at once or for a stretch of the past, as a user asks.</summary>
    public void Patch(SchedulePatch patch)
    {
        Record.Revision++;
        if (patch.TriggerImmediately is { } trigger)
        {
            Add(trigger.ScheduledTime?.ToDateTimeOffset() ?? now, now, trigger.OverlapPolicy, manual: true);
        }

        Record.Backfills.AddRange(patch.BackfillRequest);
        if (patch.Pause.Length > 0)
        {
            (State.Paused, State.Notes) = (true, patch.Pause);
        }

        if (patch.Unpause.Length > 0)
        {
            (State.Paused, State.Notes) = (false, patch.Unpause);
        }
    }

    /// <summary>Puts another description in place; times up to now are those of the old one.</summary>
    public void Replace(Schedule schedule, SearchAttributes? attributes)
    {
        Record.Revision++;
        Record.Schedule = schedule;
        Record.SearchAttributes = attributes ?? Record.SearchAttributes;
        Record.Info.UpdateTime = Timestamp.FromDateTimeOffset(now);
        Record.Processed = Timestamp.FromDateTimeOffset(now);
    }

    /// <summary>Puts the times that have come into the buffer.</summary>
    public void TakeTimes()
    {
        if (State.Paused || Exhausted)
        {
            Record.Processed = Timestamp.FromDateTimeOffset(now);
        }

        var patience = Record.Schedule.Policies.CatchupWindow.ToTimeSpan();
        foreach (var time in Times.From(Record.Processed.ToDateTimeOffset()).TakeWhile(t => t.Actual <= now))
        {
            Record.Processed = Timestamp.FromDateTimeOffset(time.Nominal);
            if (now - time.Actual > patience)
            {
                Info.MissedCatchupWindow++;
                continue;
            }

            Add(time.Nominal, time.Actual, Policy.Unspecified, manual: false);
        }

        TakeBackfills();
    }

    /// <summary>Decides which of the waiting actions are taken now, which wait on and which are dropped.</summary>
    public void Decide()
    {
        var waiting = Record.Buffer.ToList();
        Record.Buffer.Clear();
        PendingAction? chosen = null;
        foreach (var action in waiting.Where(a => a.Manual || !Exhausted))
        {
            var policy = Resolve(action.OverlapPolicy);
            if (policy == Policy.AllowAll)
            {
                Start(action);
            }
            else if (Info.RunningWorkflows.Count == 0 && chosen is null)
            {
                Start(chosen = action);
            }
            else
            {
                Overlap(action, policy);
            }
        }

        Info.BufferSize = Record.Buffer.Count;
    }

    /// <summary>Notes that an action was taken, or that its workflow id was in use already.</summary>
    public void Started(PendingAction action, WorkflowExecution? execution)
    {
        Record.Starting.Remove(Record.Starting.First(a => a.Id == action.Id));
        if (execution is null)
        {
            return;
        }

        Info.ActionCount++;
        Info.RunningWorkflows.Add(execution);
        Info.RecentActions.Add(new ScheduleActionResult
        {
            ScheduleTime = action.NominalTime,
            ActualTime = Timestamp.FromDateTimeOffset(now),
            StartWorkflowResult = execution,
            StartWorkflowStatus = WorkflowExecutionStatus.Running,
        });
        while (Info.RecentActions.Count > MostRecent)
        {
            Info.RecentActions.RemoveAt(0);
        }
    }

    /// <summary>Notes how a workflow that the schedule started has ended.</summary>
    public void Ended(WorkflowExecution execution, WorkflowExecutionStatus status, Payloads? result, Failure? failure)
    {
        Info.RunningWorkflows.Remove(execution);
        foreach (var recent in Info.RecentActions.Where(r => r.StartWorkflowResult.Equals(execution)))
        {
            recent.StartWorkflowStatus = status;
        }

        if (status == WorkflowExecutionStatus.Completed)
        {
            (Record.LastResult, Record.LastFailure) = (result, null);
        }
        else if (status is WorkflowExecutionStatus.Failed or WorkflowExecutionStatus.TimedOut)
        {
            Record.LastFailure = failure;
            if (Record.Schedule.Policies.PauseOnFailure && !State.Paused)
            {
                State.Paused = true;
                State.Notes = $"paused due to workflow {(status == WorkflowExecutionStatus.Failed ? "failure" : "timeout")}: {execution.WorkflowId}: {failure?.Message}";
            }
        }
    }

    private void TakeBackfills()
    {
        while (Record.Backfills.FirstOrDefault() is { } backfill)
        {
            var end = backfill.EndTime.ToDateTimeOffset();
            foreach (var time in Times.From(backfill.StartTime.ToDateTimeOffset()).TakeWhile(t => t.Nominal <= end))
            {
                if (Record.Buffer.Count >= MostBuffered)
                {
                    return;
                }

                Add(time.Nominal, now, backfill.OverlapPolicy, manual: true);
                backfill.StartTime = Timestamp.FromDateTimeOffset(time.Nominal);
            }

            Record.Backfills.RemoveAt(0);
        }
    }

    private void Add(DateTimeOffset nominal, DateTimeOffset actual, Policy policy, bool manual)
    {
        if (Record.Buffer.Count >= MostBuffered)
        {
            Info.BufferDropped++;
            return;
        }

        Record.Buffer.Add(new PendingAction
        {
            Id = ++Record.LastActionId,
            NominalTime = Timestamp.FromDateTimeOffset(nominal),
            ActualTime = Timestamp.FromDateTimeOffset(actual),
            OverlapPolicy = policy,
            Manual = manual,
        });
    }

    private void Start(PendingAction action)
    {
        if (!action.Manual && State.LimitedActions)
        {
            State.RemainingActions--;
        }

        Record.Starting.Add(action);
    }

    private void Overlap(PendingAction action, Policy policy)
    {
        switch (policy)
        {
            case Policy.BufferAll:
                Record.Buffer.Add(action);
                return;
            case Policy.BufferOne when !Record.Buffer.Any(a => Resolve(a.OverlapPolicy) == Policy.BufferOne):
                Record.Buffer.Add(action);
                return;
            case Policy.CancelOther or Policy.TerminateOther:
                // The newest supersedes those that wait for the same end.
                var superseded = Record.Buffer.Where(a => Resolve(a.OverlapPolicy) is Policy.CancelOther or Policy.TerminateOther).ToList();
                superseded.ForEach(a => Record.Buffer.Remove(a));
                Info.OverlapSkipped += superseded.Count;
                Record.Buffer.Add(action);
                Ends.Clear();
                Ends.AddRange(Info.RunningWorkflows.Select(w => (w, policy == Policy.TerminateOther)));
                return;
            default:
                Info.OverlapSkipped++;
                return;
        }
    }

    private Policy Resolve(Policy policy) => policy != Policy.Unspecified ? policy
        : Record.Schedule.Policies.OverlapPolicy != Policy.Unspecified ? Record.Schedule.Policies.OverlapPolicy : Policy.Skip;
}
