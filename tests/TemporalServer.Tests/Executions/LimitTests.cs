using Google.Protobuf;
using Mainstay.TemporalServer.Executions;
using Temporalio.Api.Command.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;
using Temporalio.Api.WorkflowService.V1;

namespace TemporalServer.Tests.Executions;

/// <summary>How much one run may have.</summary>
public sealed class LimitTests
{
    private static readonly DateTimeOffset Noon = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void CompleteTask_ActivitiesBeyondTheLimit_FailsTheTaskWithItsCause()
    {
        var request = new RespondWorkflowTaskCompletedRequest { Commands = { Enumerable.Range(0, 2001).Select(i => Activity($"{i}")) } };
        var refused = Assert.Throws<BadCommandException>(() => RunChange.On(WithTask(), Noon).CompleteTask(request));
        Assert.Equal(
            (WorkflowTaskFailedCause.PendingActivitiesLimitExceeded, "PendingActivitiesLimitExceeded: the number of pending activities, 2000, has reached the per-workflow limit of 2000"),
            (refused.Cause, refused.Message));

        request.Commands.RemoveAt(0);
        var change = RunChange.On(WithTask(), Noon);
        change.CompleteTask(request);
        Assert.Equal(2000, change.Finish().State.Activities.Count);
    }

    [Theory]
    [InlineData(CommandType.StartChildWorkflowExecution, WorkflowTaskFailedCause.PendingChildWorkflowsLimitExceeded, "pending child workflow executions")]
    [InlineData(CommandType.SignalExternalWorkflowExecution, WorkflowTaskFailedCause.PendingSignalsLimitExceeded, "pending signals to external workflows")]
    [InlineData(CommandType.RequestCancelExternalWorkflowExecution, WorkflowTaskFailedCause.PendingRequestCancelLimitExceeded, "pending requests to cancel external workflows")]
    public void CompleteTask_OfOthersBeyondTheLimit_FailsTheTaskWithItsCause(CommandType kind, WorkflowTaskFailedCause cause, string what)
    {
        var request = new RespondWorkflowTaskCompletedRequest { Commands = { Enumerable.Range(0, 2001).Select(i => OnOther(kind, $"{i}")) } };
        var refused = Assert.Throws<BadCommandException>(() => RunChange.On(WithTask(), Noon).CompleteTask(request));
        Assert.Equal((cause, $"{cause}: the number of {what}, 2000, has reached the per-workflow limit of 2000"), (refused.Cause, refused.Message));

        request.Commands.RemoveAt(0);
        var change = RunChange.On(WithTask(), Noon);
        change.CompleteTask(request);
        Assert.Equal(2000, change.Finish().State.Outbound.Count);
    }

    [Fact]
    public void CompleteTask_SignalsAndCancels_AreCountedApart()
    {
        var change = RunChange.On(WithTask(), Noon);
        change.CompleteTask(new RespondWorkflowTaskCompletedRequest
        {
            Commands =
            {
                Enumerable.Range(0, 2000).Select(i => OnOther(CommandType.SignalExternalWorkflowExecution, $"{i}")),
                Enumerable.Range(0, 2000).Select(i => OnOther(CommandType.RequestCancelExternalWorkflowExecution, $"{i}")),
            },
        });
        Assert.Equal(4000, change.Finish().State.Externals.Count);
    }

    [Theory]
    [InlineData(4095, 0, 0, null)]
    [InlineData(4096, 0, 0, SuggestContinueAsNewReason.TooManyHistoryEvents)]
    [InlineData(100, (4 * 1024 * 1024) - 1, 0, null)]
    [InlineData(100, 4 * 1024 * 1024, 0, SuggestContinueAsNewReason.HistorySizeTooLarge)]
    [InlineData(100, 0, 1799, null)]
    [InlineData(100, 0, 1800, SuggestContinueAsNewReason.TooManyUpdates)]
    public void StartTask_OfARunThatGrows_SuggestsToContinueAsNew(long startedEventId, long bytes, int updates, SuggestContinueAsNewReason? reason)
    {
        var state = WithTask();
        (state.WorkflowTask, state.StickyQueue) = (null, null);
        state.NextEventId = startedEventId - 2;
        foreach (var i in Enumerable.Range(0, updates))
        {
            state.Updates[$"{i}"] = new Update { AcceptedEventId = 5, Outcome = new() };
        }

        // The signal and the scheduled task come before the task that is started.
        var asking = RunChange.On(state, Noon);
        asking.Signal(new WorkflowExecutionSignaledEventAttributes { SignalName = "go on" });
        var asked = asking.Finish().State;
        asked.HistoryBytes = bytes;
        var change = RunChange.On(asked, Noon);
        Assert.True(change.StartTask(asked.WorkflowTask.ScheduledEventId, 1, "worker"));

        var started = change.Events[^1];
        Assert.Equal(startedEventId, started.EventId);
        SuggestContinueAsNewReason[] reasons = reason is { } given ? [given] : [];
        Assert.Equal(reasons, started.WorkflowTaskStartedEventAttributes.SuggestContinueAsNewReasons);
        Assert.Equal(reason is not null, started.WorkflowTaskStartedEventAttributes.SuggestContinueAsNew);
    }

    [Fact]
    public void Finish_HistoryOfTooManyEvents_TerminatesTheRun()
    {
        var state = WithTask();
        state.NextEventId = (50 * 1024) + 1;
        var change = RunChange.On(state, Noon);
        change.CompleteTask(new RespondWorkflowTaskCompletedRequest { Commands = { Activity("1") } });
        Assert.Equal(WorkflowExecutionStatus.Terminated, change.Finish().State.Status);
        Assert.Equal("Workflow history count exceeds limit.", change.Events[^1].WorkflowExecutionTerminatedEventAttributes.Reason);
    }

    [Fact]
    public void Finish_HistoryOfTooManyBytes_TerminatesTheRun()
    {
        var state = WithTask();
        state.HistoryBytes = (50 * 1024 * 1024) + 1;
        var change = RunChange.On(state, Noon);
        change.Signal(new WorkflowExecutionSignaledEventAttributes { SignalName = "one more" });
        Assert.Equal(WorkflowExecutionStatus.Terminated, change.Finish().State.Status);
        Assert.Equal("Workflow history size exceeds limit.", change.Events[^1].WorkflowExecutionTerminatedEventAttributes.Reason);
    }

    [Fact]
    public void CompleteTask_EagerActivity_IsWithTheWorkerAtOnce()
    {
        var change = RunChange.On(WithTask(), Noon);
        var asked = Activity("eager");
        asked.ScheduleActivityTaskCommandAttributes.RequestEagerExecution = true;
        var elsewhere = Activity("elsewhere");
        elsewhere.ScheduleActivityTaskCommandAttributes.RequestEagerExecution = true;
        elsewhere.ScheduleActivityTaskCommandAttributes.TaskQueue.Name = "other";
        change.CompleteTask(new RespondWorkflowTaskCompletedRequest { Identity = "worker", Commands = { asked, elsewhere } });
        change.Finish();

        var eager = Assert.Single(change.Eager);
        Assert.Equal(("eager", "worker", 1), (eager.Scheduled.ActivityId, eager.Identity, eager.Attempt));
        Assert.Equal("other", Assert.Single(change.Dispatches).Queue);
    }

    private static RunState WithTask()
    {
        var started = new WorkflowExecutionStartedEventAttributes { WorkflowId = "w", WorkflowType = new() { Name = "t" }, TaskQueue = new() { Name = "q" }, WorkflowTaskTimeout = new() { Seconds = 10 }, Attempt = 1 };
        var change = RunChange.On(RunChange.Start("default", "11111111-1111-1111-1111-111111111111", started, "request", Noon).Begin().Finish().State, Noon);
        Assert.True(change.StartTask(2, 1, "worker"));
        return change.Finish().State;
    }

    private static Command OnOther(CommandType kind, string id) => kind switch
    {
        CommandType.StartChildWorkflowExecution => new()
        {
            CommandType = kind,
            StartChildWorkflowExecutionCommandAttributes = new() { WorkflowId = id, WorkflowType = new() { Name = "child" } },
        },
        CommandType.SignalExternalWorkflowExecution => new()
        {
            CommandType = kind,
            SignalExternalWorkflowExecutionCommandAttributes = new() { Execution = new() { WorkflowId = id }, SignalName = "hello" },
        },
        _ => new() { CommandType = kind, RequestCancelExternalWorkflowExecutionCommandAttributes = new() { WorkflowId = id } },
    };

    private static Command Activity(string id) => new()
    {
        CommandType = CommandType.ScheduleActivityTask,
        ScheduleActivityTaskCommandAttributes = new()
        {
            ActivityId = id,
            ActivityType = new() { Name = "a" },
            TaskQueue = new() { Name = "q" },
            StartToCloseTimeout = new() { Seconds = 10 },
            Input = new() { Payloads_ = { new Temporalio.Api.Common.V1.Payload { Data = ByteString.CopyFromUtf8(id) } } },
        },
    };
}
