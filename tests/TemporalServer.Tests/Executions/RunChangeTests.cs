using Mainstay.TemporalServer.Executions;
using Temporalio.Api.Command.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;
using Temporalio.Api.WorkflowService.V1;

namespace TemporalServer.Tests.Executions;

public sealed class RunChangeTests
{
    private static readonly DateTimeOffset Noon = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Start_WithoutDelay_SchedulesTheFirstTask()
    {
        var change = Started();

        Assert.Equal([EventType.WorkflowExecutionStarted, EventType.WorkflowTaskScheduled], change.Events.Select(e => e.EventType));
        Assert.Single(change.Dispatches);
    }

    [Fact]
    public void Signal_WhileATaskIsUnderWay_WaitsForItsCompletion()
    {
        var held = RunChange.On(WithTask(), Noon);
        held.Signal(new WorkflowExecutionSignaledEventAttributes { SignalName = "go" });
        held.Finish();
        Assert.Empty(held.Events);

        var completed = RunChange.On(held.State, Noon);
        completed.CompleteTask(new RespondWorkflowTaskCompletedRequest { Commands = { Timer("1") } });
        completed.Finish();

        Assert.Equal(
            [EventType.WorkflowTaskCompleted, EventType.TimerStarted, EventType.WorkflowExecutionSignaled, EventType.WorkflowTaskScheduled],
            completed.Events.Select(e => e.EventType));
    }

    [Fact]
    public void Signal_SameRequestIdTwice_IsWrittenOnce()
    {
        var change = RunChange.On(Started().State, Noon);
        var signal = new WorkflowExecutionSignaledEventAttributes { SignalName = "go", RequestId = "r" };
        change.Signal(signal);
        change.Signal(signal.Clone());

        Assert.Single(change.Finish().Events);
    }

    [Fact]
    public void CompleteTask_ClosingOverASignal_IsRefusedAndLeavesTheStateAlone()
    {
        var held = RunChange.On(WithTask(), Noon);
        held.Signal(new WorkflowExecutionSignaledEventAttributes { SignalName = "late" });
        var before = held.Finish().State.Clone();

        var refused = Assert.Throws<BadCommandException>(() => RunChange.On(held.State, Noon).CompleteTask(new RespondWorkflowTaskCompletedRequest
        {
            Commands = { new Command { CommandType = CommandType.CompleteWorkflowExecution, CompleteWorkflowExecutionCommandAttributes = new() } },
        }));

        Assert.Equal(WorkflowTaskFailedCause.UnhandledCommand, refused.Cause);
        Assert.Equal(before, held.State);
    }

    [Fact]
    public void HandleDue_TimerHasCome_FiresAndAsksForATask()
    {
        var waiting = RunChange.On(WithTask(), Noon);
        waiting.CompleteTask(new RespondWorkflowTaskCompletedRequest { Commands = { Timer("1") } });
        var state = waiting.Finish().State;
        Assert.Equal(Noon.AddSeconds(30), RunChange.NextDue(state)!.ToDateTimeOffset());

        var fired = RunChange.On(state, Noon.AddSeconds(30));
        fired.HandleDue();

        Assert.Equal([EventType.TimerFired, EventType.WorkflowTaskScheduled], fired.Finish().Events.Select(e => e.EventType));
    }

    private static RunChange Started() => RunChange.Start(
        "default",
        "11111111-1111-1111-1111-111111111111",
        new WorkflowExecutionStartedEventAttributes
        {
            WorkflowId = "w",
            WorkflowType = new() { Name = "t" },
            TaskQueue = new() { Name = "q" },
            WorkflowTaskTimeout = new() { Seconds = 10 },
            Attempt = 1,
        },
        "request",
        Noon).Begin().Finish();

    private static RunState WithTask()
    {
        var change = RunChange.On(Started().State, Noon);
        Assert.True(change.StartTask(2, 1, "worker"));
        return change.Finish().State;
    }

    private static Command Timer(string id) => new()
    {
        CommandType = CommandType.StartTimer,
        StartTimerCommandAttributes = new() { TimerId = id, StartToFireTimeout = new() { Seconds = 30 } },
    };
}
