using Temporalio.Api.Update.V1;
using Temporalio.Converters;
using Temporalio.Exceptions;

namespace Temporalio.Tests.Execution;

public sealed class WorkflowRunTests
{
    [Fact]
    public void Task_WholeLife_GivesCommandsInTurn()
    {
        var driver = new RunDriver(typeof(GreetingWorkflow), "Ada").Task();
        Assert.Equal([CommandType.ScheduleActivityTask], driver.Commands.Select(command => command.CommandType));
        driver.CompleteActivity("Hello Ada");
        Assert.Empty(driver.Task().Commands);
        driver.Signal("Release");
        Assert.Equal([CommandType.StartTimer], driver.Task().Commands.Select(command => command.CommandType));
        driver.FireTimer("1");
        var completion = Assert.Single(driver.Task().Commands).CompleteWorkflowExecutionCommandAttributes;
        Assert.Equal("Hello Ada ", DataConverter.Default.PayloadConverter.ToValue<string>(completion.Result.Payloads_[0]));
    }

    [Fact]
    public void WaitCondition_FulfilledBeforeItsTimeout_GoesOnInTheSameTask()
    {
        var driver = new RunDriver(typeof(PatientGreetingWorkflow)).Task();
        driver.Signal("Release");

        var commands = driver.Task().Commands;

        Assert.Equal([CommandType.CancelTimer, CommandType.CompleteWorkflowExecution], commands.Select(command => command.CommandType));
        Assert.True(DataConverter.Default.PayloadConverter.ToValue<bool>(commands[1].CompleteWorkflowExecutionCommandAttributes.Result.Payloads_[0]));
    }

    [Fact]
    public void Replay_OfTheSameCode_Agrees()
    {
        var driver = new RunDriver(typeof(GreetingWorkflow), "Ada").Task();
        driver.Task(driver.Update("u1", "AddNote", "first"));
        driver.CompleteActivity("Hello");
        driver.FireTimer("1");
        driver.Task();
        driver.Signal("Release");
        driver.Task();
        driver.FireTimer("2");
        driver.Task();
        Assert.Equal(EventType.WorkflowExecutionCompleted, driver.Events[^1].EventType);
        Assert.Null(driver.Replay());
        Assert.True(driver.Run.Closed);
    }

    [Fact]
    public void Replay_OfChangedCode_NamesExpectedAndFound()
    {
        var driver = new RunDriver(typeof(GreetingWorkflow), "Ada").Task();
        driver.CompleteActivity("Hello");
        driver.Task();
        var failure = Assert.IsType<WorkflowNondeterminismException>(driver.Replay(typeof(ChangedGreetingWorkflow)));
        Assert.Contains("5 ActivityTaskScheduled(Greet, id 1)", failure.Message, StringComparison.Ordinal);
        Assert.Contains("StartTimer(id 1)", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Update_Valid_IsAcceptedAndCompleted()
    {
        var driver = new RunDriver(typeof(GreetingWorkflow), "Ada").Task();
        driver.Task(driver.Update("u1", "AddNote", "first"));
        Assert.True(Assert.Single(driver.Messages).Body.Is(Acceptance.Descriptor));
        driver.FireTimer("1");
        driver.Task();
        Assert.Equal(1, DataConverter.Default.PayloadConverter.ToValue<int>(Assert.Single(driver.Messages).Body.Unpack<Response>().Outcome.Success.Payloads_[0]));
    }

    [Fact]
    public void Update_Refused_LeavesNoCommand()
    {
        var driver = new RunDriver(typeof(GreetingWorkflow), "Ada").Task();
        driver.Task(driver.Update("u1", "AddNote", string.Empty));
        Assert.Empty(driver.Commands);
        Assert.Equal("A note must not be empty", Assert.Single(driver.Messages).Body.Unpack<Rejection>().Failure.Message);
    }

    [Fact]
    public void Query_OfState_IsAnsweredWithoutCommands()
    {
        var driver = new RunDriver(typeof(GreetingWorkflow), "Ada").Task();
        driver.Task(driver.Update("u1", "AddNote", "first"));
        var answer = driver.Run.HandleQuery("q", new() { QueryType = "Notes" });
        Assert.Equal(["first"], DataConverter.Default.PayloadConverter.ToValue<string[]>(answer.Answer.Payloads_[0]));
        Assert.Equal(QueryResultType.Failed, driver.Run.HandleQuery("q", new() { QueryType = "Nothing" }).ResultType);
    }

    [Fact]
    public void WaitCondition_TimedOut_GivesFalse()
    {
        var driver = new RunDriver(typeof(TimeoutWorkflow)).Task();
        driver.FireTimer("1");
        var completion = Assert.Single(driver.Task().Commands).CompleteWorkflowExecutionCommandAttributes;
        Assert.False(DataConverter.Default.PayloadConverter.ToValue<bool>(completion.Result.Payloads_[0]));
    }

    [Fact]
    public void Cancel_DuringTimer_CancelsTimerAndWorkflow()
    {
        var driver = new RunDriver(typeof(TimeoutWorkflow)).Task();
        driver.RequestCancel();
        driver.Task();
        Assert.Equal([CommandType.CancelTimer, CommandType.CancelWorkflowExecution], driver.Commands.Select(command => command.CommandType));
        Assert.Null(driver.Replay());
    }

    [Fact]
    public void Cancel_DuringActivity_RequestsItsCancellation()
    {
        var driver = new RunDriver(typeof(GreetingWorkflow), "Ada").Task();
        driver.RequestCancel();
        driver.Task();
        Assert.Equal([CommandType.RequestCancelActivityTask, CommandType.CancelWorkflowExecution], driver.Commands.Select(command => command.CommandType));
        Assert.Null(driver.Replay());
    }

    [Fact]
    public void Patched_NewRun_LeavesMarkerAndReplaysNewPath()
    {
        var driver = new RunDriver(typeof(PatchedWorkflow)).Task();
        Assert.Equal([CommandType.RecordMarker, CommandType.UpsertWorkflowSearchAttributes, CommandType.StartTimer], driver.Commands.Select(command => command.CommandType));
        driver.FireTimer("1");
        driver.Task();
        Assert.Null(driver.Replay());
    }

    [Fact]
    public void Patched_RunOfOldCode_TakesOldPath()
    {
        var driver = new RunDriver(typeof(UnpatchedWorkflow)).Task();
        driver.FireTimer("1");
        driver.BeginTask();
        Assert.Null(driver.Replay(typeof(PatchedWorkflow)));
        driver.Complete();
        var completion = Assert.Single(driver.Commands).CompleteWorkflowExecutionCommandAttributes;
        Assert.Equal("old", DataConverter.Default.PayloadConverter.ToValue<string>(completion.Result.Payloads_[0]));
    }

    [Fact]
    public void Failure_OfTheApplication_FailsTheWorkflow()
    {
        var command = Assert.Single(new RunDriver(typeof(FailingWorkflow), true).Task().Commands);
        Assert.Equal("Refused", command.FailWorkflowExecutionCommandAttributes.Failure.ApplicationFailureInfo.Type);
    }

    [Fact]
    public void Failure_ByABug_FailsTheTaskOnly()
    {
        var driver = new RunDriver(typeof(FailingWorkflow), false).Task();
        Assert.IsType<InvalidOperationException>(driver.Run.TaskFailure);
        Assert.False(driver.Run.Closed);
    }

    [Fact]
    public void ChildWorkflow_Completed_GivesItsResult()
    {
        var driver = new RunDriver(typeof(ParentWorkflow)).Task();
        var initiated = driver.Last(EventType.StartChildWorkflowExecutionInitiated);
        driver.Add(new() { EventType = EventType.ChildWorkflowExecutionStarted, ChildWorkflowExecutionStartedEventAttributes = new() { InitiatedEventId = initiated, WorkflowExecution = new() { RunId = "r2" } } });
        driver.Task();
        driver.Add(new() { EventType = EventType.ChildWorkflowExecutionCompleted, ChildWorkflowExecutionCompletedEventAttributes = new() { InitiatedEventId = initiated, Result = RunDriver.Payloads("done") } });
        var completion = Assert.Single(driver.Task().Commands).CompleteWorkflowExecutionCommandAttributes;
        Assert.Equal("done", DataConverter.Default.PayloadConverter.ToValue<string>(completion.Result.Payloads_[0]));
        Assert.Null(driver.Replay());
    }

    [Fact]
    public void LocalActivity_Replayed_TakesResultFromMarker()
    {
        var driver = new RunDriver(typeof(LocalWorkflow));
        driver.BeginTask();
        Assert.Null(driver.Replay());
        driver.Run.CloseLocalActivity(1, new(RunDriver.Payloads(42), null), 1, new DateTime(2026, 1, 5, 12, 0, 9, DateTimeKind.Utc));
        driver.Complete();
        Assert.Equal([CommandType.RecordMarker, CommandType.StartTimer], driver.Commands.Select(command => command.CommandType));
        driver.FireTimer("1");
        driver.BeginTask();
        Assert.Null(driver.Replay());
        driver.Complete();
        Assert.Equal(42, DataConverter.Default.PayloadConverter.ToValue<int>(Assert.Single(driver.Commands).CompleteWorkflowExecutionCommandAttributes.Result.Payloads_[0]));
    }

    [Fact]
    public void ContinueAsNew_PassesArguments()
    {
        var command = Assert.Single(new RunDriver(typeof(CountingWorkflow), 4).Task().Commands).ContinueAsNewWorkflowExecutionCommandAttributes;
        Assert.Equal(nameof(CountingWorkflow), command.WorkflowType.Name);
        Assert.Equal(5, DataConverter.Default.PayloadConverter.ToValue<int>(command.Input.Payloads_[0]));
    }

    [Fact]
    public void Signal_BeforeHandlerOfUnknownName_IsKeptWithoutFailing()
    {
        var driver = new RunDriver(typeof(GreetingWorkflow), "Ada");
        driver.Signal("Unknown", 1);
        Assert.Null(driver.Task().Run.TaskFailure);
    }

    [Fact]
    public void Escape_FromTheScheduler_FailsTheTaskWithAHint()
    {
        var driver = new RunDriver(typeof(EscapingWorkflow)).Task();
        driver.FireTimer("1");
        driver.Task();
        Assert.True(SpinWait.SpinUntil(() => driver.Run.TaskFailure is not null, TimeSpan.FromMinutes(1)));
        Assert.Contains("ConfigureAwait(false)", driver.Run.TaskFailure?.Message, StringComparison.Ordinal);
    }
}
