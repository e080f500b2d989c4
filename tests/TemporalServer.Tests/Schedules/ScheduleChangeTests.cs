using Google.Protobuf.WellKnownTypes;
using Mainstay.TemporalServer.Schedules;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.Schedule.V1;
using Policy = Temporalio.Api.Enums.V1.ScheduleOverlapPolicy;

namespace TemporalServer.Tests.Schedules;

public sealed class ScheduleChangeTests
{
    private static readonly DateTimeOffset Noon = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(Policy.Skip, 0, 0, 2)]
    [InlineData(Policy.BufferOne, 0, 1, 1)]
    [InlineData(Policy.BufferAll, 0, 2, 0)]
    [InlineData(Policy.CancelOther, 0, 1, 1)]
    [InlineData(Policy.AllowAll, 2, 0, 0)]
    public void Decide_TwoTriggersWhileOneRuns_FollowsThePolicy(Policy policy, int starting, int buffered, int skipped)
    {
        var change = Running(policy);
        change.Patch(new SchedulePatch { TriggerImmediately = new() });
        change.Patch(new SchedulePatch { TriggerImmediately = new() });
        change.Decide();

        Assert.Equal((starting, buffered, (long)skipped), (change.Record.Starting.Count, change.Record.Buffer.Count, change.Record.Info.OverlapSkipped));
        Assert.Equal(policy == Policy.CancelOther ? 1 : 0, change.Ends.Count);
    }

    [Fact]
    public void Decide_RunningOneEnded_StartsTheBufferedOne()
    {
        var change = Running(Policy.BufferOne);
        change.Patch(new SchedulePatch { TriggerImmediately = new() });
        change.Decide();
        change.Ended(change.Record.Info.RunningWorkflows[0], WorkflowExecutionStatus.Completed, null, null);
        change.Decide();

        Assert.Single(change.Record.Starting);
        Assert.Empty(change.Record.Buffer);
    }

    [Fact]
    public void TakeTimes_ServerWasDown_CatchesUpWithinTheWindowAlone()
    {
        var record = Record(Policy.AllowAll);
        record.Schedule.Policies.CatchupWindow = Duration.FromTimeSpan(TimeSpan.FromMinutes(30));
        var change = new ScheduleChange(record, Noon.AddHours(2));
        change.TakeTimes();
        change.Decide();

        Assert.Equal((4, 8L), (record.Starting.Count, record.Info.MissedCatchupWindow));
    }

    [Fact]
    public void TakeTimes_WhilePaused_AreGoneForGood()
    {
        var record = Record(Policy.AllowAll);
        record.Schedule.State.Paused = true;
        var change = new ScheduleChange(record, Noon.AddHours(2));
        change.TakeTimes();
        change.Patch(new SchedulePatch { Unpause = "go on" });
        change.TakeTimes();

        Assert.Empty(record.Buffer);
        Assert.Equal(Noon.AddHours(2).AddMinutes(10), change.NextDue());
    }

    [Fact]
    public void Decide_RemainingActionsUsedUp_DropsTheRestButNotATrigger()
    {
        var record = Record(Policy.AllowAll);
        record.Schedule.State.LimitedActions = true;
        record.Schedule.State.RemainingActions = 2;
        var change = new ScheduleChange(record, Noon.AddHours(1));
        change.TakeTimes();
        change.Patch(new SchedulePatch { TriggerImmediately = new() });
        change.Decide();

        Assert.Equal(3, record.Starting.Count);
        Assert.Equal(0, record.Schedule.State.RemainingActions);
    }

    [Fact]
    public void TakeTimes_BackfillLongerThanTheBuffer_IsTakenInParts()
    {
        var record = Record(Policy.AllowAll);
        var change = new ScheduleChange(record, Noon);
        change.Patch(new SchedulePatch
        {
            BackfillRequest = { new BackfillRequest { StartTime = Timestamp.FromDateTimeOffset(Noon.AddDays(-10)), EndTime = Timestamp.FromDateTimeOffset(Noon), OverlapPolicy = Policy.AllowAll } },
        });
        var taken = 0;
        while (record.Backfills.Count > 0)
        {
            change.TakeTimes();
            change.Decide();
            taken += record.Starting.Count;
            record.Starting.Clear();
        }

        Assert.Equal(1440, taken);
    }

    [Fact]
    public void Ended_FailureOfAScheduleThatPausesOnIt_Pauses()
    {
        var change = Running(Policy.Skip);
        change.Record.Schedule.Policies.PauseOnFailure = true;
        change.Ended(change.Record.Info.RunningWorkflows[0], WorkflowExecutionStatus.Failed, null, new() { Message = "broken" });

        Assert.True(change.Record.Schedule.State.Paused);
        Assert.Equal("paused due to workflow failure: one: broken", change.Record.Schedule.State.Notes);
    }

    private static ScheduleChange Running(Policy policy)
    {
        var record = Record(policy);
        record.Info.RunningWorkflows.Add(new WorkflowExecution { WorkflowId = "one", RunId = "run" });
        return new ScheduleChange(record, Noon);
    }

    private static ScheduleRecord Record(Policy policy) => new()
    {
        Namespace = "default",
        ScheduleId = "schedule",
        Schedule = new Schedule
        {
            Spec = new ScheduleSpec { Interval = { new IntervalSpec { Interval = new Duration { Seconds = 600 } } } },
            Policies = new SchedulePolicies { OverlapPolicy = policy, CatchupWindow = Duration.FromTimeSpan(TimeSpan.FromDays(365)) },
            State = new ScheduleState(),
        },
        Info = new ScheduleInfo(),
        Processed = Timestamp.FromDateTimeOffset(Noon),
    };
}
