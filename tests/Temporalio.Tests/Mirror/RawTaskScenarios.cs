using Google.Protobuf.WellKnownTypes;
using Temporalio.Api.Command.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Temporalio.Tests.Mirror;

/// <summary>Workflow tasks as they reach a worker: here the scenario is the worker.</summary>
public sealed class RawTaskScenarios(MirrorServer server)
{
    [Fact]
    public async Task Timers_OfNoTime_AndWithoutAnId()
    {
        await using var t = new Scenario(server.Client, "timer-zero-raw") { UpToEvent = 5 };
        (string Label, Command[] Commands)[] attempts =
        [
            ("zero", [Scenario.Timer("1", 0)]),
            ("absent", [Scenario.Timer("1", null)]),
            ("no-id", [Scenario.Timer("", 1)]),
            ("same-id-twice", [Scenario.Timer("1", 5), Scenario.Timer("1", 5)]),
        ];
        foreach (var (label, commands) in attempts)
        {
            await t.RawStartAsync(label);
            var task = await t.PollTaskAsync();
            await t.CallAsync(label, () => t.CompleteTaskAsync(task, commands));
            await t.TerminateAsync(label);
            t.History(label, t.Name(label));
        }

        await t.MatchesAsync();
    }

    [Theory]
    [InlineData("signal-during-task")]
    [InlineData("signal-unhandled-command")]
    public async Task Signals_WhileATaskRuns_AreHeldForTheNext(string name)
    {
        await using var t = new Scenario(server.Client, name);
        await t.RawStartAsync("main");
        var task = await t.PollTaskAsync();
        if (name == "signal-during-task")
        {
            await t.SignalAsync("main", "add", "held 1");
            await t.SignalAsync("main", "add", "held 2");
            t.Fact("events while the task runs", (await t.Client.GetWorkflowHandle(t.Name("main")).FetchHistoryAsync()).Events.Count);
            await t.CompleteTaskAsync(task, Scenario.Timer("1", 30));
            var next = await t.PollTaskAsync();
            t.Fact("next task", new { started = next.StartedEventId, previous = next.PreviousStartedEventId, attempt = next.Attempt });
            await t.CompleteTaskAsync(next, Scenario.Complete());
        }
        else
        {
            await t.SignalAsync("main", "add", "late");
            await t.CallAsync("complete with a signal pending", () => t.CompleteTaskAsync(task, Scenario.Complete("too early")));
            var next = await t.PollTaskAsync();
            t.Fact("next task", new { attempt = next.Attempt, types = Scenario.Types(next.History.Events) });
            await t.CompleteTaskAsync(next, Scenario.Complete("saw the signal"));
        }

        t.History("main", t.Name("main"));
        await t.MatchesAsync();
    }

    [Fact]
    public async Task Signal_SameRequestIdTwice_IsWrittenOnce()
    {
        await using var t = new Scenario(server.Client, "signal-same-request-id") { UpToEvent = 9 };
        await t.RawStartAsync("main");
        var request = new SignalWorkflowExecutionRequest
        {
            Namespace = "default",
            WorkflowExecution = new() { WorkflowId = t.Name("main") },
            SignalName = "add",
            Input = Scenario.Payloads("once"),
            Identity = "conformance-client",
            RequestId = Guid.NewGuid().ToString(),
        };
        await t.Service.SignalWorkflowExecutionAsync(request);
        await t.CallAsync("again", () => t.Service.SignalWorkflowExecutionAsync(request));
        t.History("main", t.Name("main"));
        await t.MatchesAsync();
        await t.TerminateAsync("main");
    }

    [Fact]
    public async Task Query_OfAnIdleWorkflow_IsATaskOfItsOwn()
    {
        await using var t = new Scenario(server.Client, "query-raw");
        await t.RawStartAsync("main");
        await t.CompleteTaskAsync(await t.PollTaskAsync(), Scenario.Timer("1", 60));
        var asked = t.Service.QueryWorkflowAsync(new()
        {
            Namespace = "default",
            Execution = new() { WorkflowId = t.Name("main") },
            Query = new() { QueryType = "q", QueryArgs = Scenario.Payloads(5) },
        });
        var task = await t.PollTaskAsync();
        t.Fact("query task", new { query = Scenario.Json(task.Query), previous = task.PreviousStartedEventId, events = task.History.Events.Count });
        await t.Service.RespondQueryTaskCompletedAsync(new()
        {
            Namespace = "default",
            TaskToken = task.TaskToken,
            CompletedType = QueryResultType.Answered,
            QueryResult = Scenario.Payloads("direct"),
        });
        t.Fact("answer", await asked);
        await t.TerminateAsync("main");
    }

    [Theory]
    [InlineData("sticky-unpolled-raw")]
    [InlineData("sticky-timeout-raw")]
    public async Task StickyQueue_WithoutAPoller_LosesItsTaskToTheCommonQueue(string name)
    {
        await using var t = new Scenario(server.Client, name);
        await t.RawStartAsync("main");
        await t.CompleteTaskAsync(await t.PollTaskAsync(), t.Name("sticky"), Scenario.Timer("1", 60));
        if (name == "sticky-timeout-raw")
        {
            // Somebody polls the sticky queue for a moment and goes away without a word.
            await Task.WhenAny(t.Service.PollWorkflowTaskQueueAsync(
                new() { Namespace = "default", TaskQueue = new() { Name = t.Name("sticky"), Kind = TaskQueueKind.Sticky, NormalName = t.Queue }, Identity = "raw-worker" },
                Scenario.Within(TimeSpan.FromSeconds(2.5))));
        }

        await t.SignalAsync("main", "add", 1);
        var next = await t.PollTaskAsync();
        t.Fact("task on the normal queue", new { attempt = next.Attempt, started = next.StartedEventId, previous = next.PreviousStartedEventId, types = Scenario.Types(next.History.Events) });
        await t.CompleteTaskAsync(next, Scenario.Complete());
        t.History("main", t.Name("main"));
        await t.MatchesAsync();
    }

    [Fact]
    public async Task StickyQueue_WithAPoller_GetsTheNewEventsOnly()
    {
        await using var t = new Scenario(server.Client, "sticky-partial-history-raw");
        await t.RawStartAsync("main");
        await t.CompleteTaskAsync(await t.PollTaskAsync(), t.Name("sticky"), Scenario.Timer("1", 60));
        var polled = t.PollTaskAsync(t.Name("sticky"), t.Queue);
        await Mainstay.Testing.Eventually.TrueAsync(
            async () => (await t.Service.DescribeTaskQueueAsync(new()
            {
                Namespace = "default",
                TaskQueue = new() { Name = t.Name("sticky"), Kind = TaskQueueKind.Sticky, NormalName = t.Queue },
                TaskQueueType = TaskQueueType.Workflow,
            })).Pollers.Count > 0,
            Scenario.CancellationToken);
        await t.SignalAsync("main", "add", 1);
        var task = await polled;
        t.Fact("task on the sticky queue", new
        {
            attempt = task.Attempt,
            started = task.StartedEventId,
            previous = task.PreviousStartedEventId,
            ids = task.History.Events.Select(e => e.EventId),
            types = Scenario.Types(task.History.Events),
        });
        await t.CallAsync(
            "force a new task with the completion",
            () => t.Service.RespondWorkflowTaskCompletedAsync(
                new() { Namespace = "default", TaskToken = task.TaskToken, Identity = "raw-worker", ForceCreateNewWorkflowTask = true, ReturnNewWorkflowTask = true }),
            answer => new
            {
                attempt = answer.WorkflowTask.Attempt,
                started = answer.WorkflowTask.StartedEventId,
                previous = answer.WorkflowTask.PreviousStartedEventId,
                ids = answer.WorkflowTask.History.Events.Select(e => e.EventId),
            });
        await t.TerminateAsync("main");
        t.History("main", t.Name("main"));
        await t.MatchesAsync();
    }

    [Fact]
    public async Task Task_ThatTimesOut_IsOfferedAgain()
    {
        await using var t = new Scenario(server.Client, "workflow-task-timeout");
        await t.RawStartAsync("main", request => request.WorkflowTaskTimeout = Duration.FromTimeSpan(TimeSpan.FromSeconds(1)));
        var first = await t.PollTaskAsync();
        t.Fact("first task", new { attempt = first.Attempt, previous = first.PreviousStartedEventId, started = first.StartedEventId });
        var second = await t.PollTaskAsync();
        t.Fact("second task", new { attempt = second.Attempt, started = second.StartedEventId, types = Scenario.Types(second.History.Events) });
        await t.CallAsync("late completion of the first", () => t.CompleteTaskAsync(first, Scenario.Complete("late")));
        await t.CompleteTaskAsync(second, Scenario.Complete("recovered"));
        t.History("main", t.Name("main"));
        await t.MatchesAsync();
    }

    [Fact]
    public async Task Task_FailedTwice_IsOneEventAndThreeAttempts()
    {
        await using var t = new Scenario(server.Client, "workflow-task-failed");
        await t.RawStartAsync("main");
        for (var attempt = 1; attempt <= 2; attempt++)
        {
            var task = await t.PollTaskAsync();
            t.Fact($"attempt {attempt}", task.Attempt);
            await t.Service.RespondWorkflowTaskFailedAsync(new()
            {
                Namespace = "default",
                TaskToken = task.TaskToken,
                Identity = "raw-worker",
                Cause = WorkflowTaskFailedCause.WorkflowWorkerUnhandledFailure,
                Failure = new() { Message = $"broken {attempt}", Source = "raw", ApplicationFailureInfo = new() { Type = "Bug" } },
            });
        }

        var last = await t.PollTaskAsync();
        t.Fact("attempt 3", last.Attempt);
        await t.CompleteTaskAsync(last, Scenario.Complete());
        t.History("main", t.Name("main"));
        await t.MatchesAsync();
    }

    [Fact]
    public async Task Commands_ThatAreMalformed_FailTheTask()
    {
        await using var t = new Scenario(server.Client, "workflow-task-bad-command");
        (string Label, Command[] Commands)[] attempts =
        [
            ("activity without timeouts", [Scenario.Activity("1", t.Queue, a => a.StartToCloseTimeout = null)]),
            ("activity without type", [Scenario.Activity("1", t.Queue, a => a.ActivityType = null)]),
            ("activity id twice", [Scenario.Activity("1", t.Queue), Scenario.Activity("1", t.Queue)]),
            ("cancel of unknown timer", [new() { CommandType = CommandType.CancelTimer, CancelTimerCommandAttributes = new() { TimerId = "none" } }]),
            ("cancel of unknown activity", [new() { CommandType = CommandType.RequestCancelActivityTask, RequestCancelActivityTaskCommandAttributes = new() { ScheduledEventId = 99 } }]),
            ("something after complete", [Scenario.Complete(), Scenario.Timer("1", 1)]),
            ("unset type", [new()]),
        ];
        foreach (var (label, commands) in attempts)
        {
            await t.RawStartAsync(label, null, t.Name($"q-{label}"));
            var task = await t.PollTaskAsync(t.Name($"q-{label}"));
            await t.CallAsync(label, () => t.CompleteTaskAsync(task, commands));
            await t.TerminateAsync(label);
            t.History(label, t.Name(label));
        }

        await t.MatchesAsync();
    }

    [Fact]
    public async Task Task_OfAWaitingPoll_HasTheseFields()
    {
        await using var t = new Scenario(server.Client, "workflow-task-raw-attributes");
        var waiting = t.PollTaskAsync();
        await t.RawStartAsync("main", request => request.Input = Scenario.Payloads("in"));
        var task = await waiting;
        var fields = Scenario.Json(task).AsObject();
        foreach (var measured in new[] { "taskToken", "startedTime", "scheduledTime", "backlogCountHint", "pollerScalingDecision", "pollerGroupInfos", "pollerGroupId" })
        {
            fields.Remove(measured);
        }

        fields["history"] = System.Text.Json.JsonSerializer.SerializeToNode(Scenario.Types(task.History.Events));
        t.Fact("task", fields);
        await t.CompleteTaskAsync(task, Scenario.Complete());
        t.History("main", t.Name("main"));
        await t.MatchesAsync();
    }

    [Fact]
    public async Task Termination_WhileATaskRuns_RefusesItsCompletion()
    {
        await using var t = new Scenario(server.Client, "terminate-during-task");
        await t.RawStartAsync("main");
        var task = await t.PollTaskAsync();
        await t.TerminateAsync("main", "mid task");
        await t.CallAsync("completion", () => t.CompleteTaskAsync(task, Scenario.Complete()));
        t.History("main", t.Name("main"));
        await t.MatchesAsync();
    }
}
