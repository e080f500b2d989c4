using Google.Protobuf;
using Temporalio.Api.WorkflowService.V1;
using Temporalio.Client;
using Temporalio.Exceptions;

namespace Temporalio.Tests.Mirror;

/// <summary>How workflows end, are ended, and are taken up again.</summary>
public sealed class LifecycleScenarios(MirrorServer server)
{
    [Theory]
    [InlineData("workflow-run-timeout", 1, null)]
    [InlineData("workflow-execution-timeout", 30, 1)]
    public async Task Workflow_OverItsTime_TimesOut(string name, int run, int? execution)
    {
        await using var t = new Scenario(server.Client, name);
        await t.WorkerAsync();
        await t.WarmAsync();
        var handle = await t.StartAsync("hangs", [], options =>
        {
            options.RunTimeout = TimeSpan.FromSeconds(run);
            options.ExecutionTimeout = execution is { } seconds ? TimeSpan.FromSeconds(seconds) : null;
        });
        var failure = await Assert.ThrowsAsync<WorkflowFailedException>(() => handle.GetResultAsync());
        Assert.Equal(TimeoutType.StartToClose, Assert.IsType<TimeoutFailureException>(failure.InnerException).TimeoutType);
        t.History("main", handle.Id);
        await t.MatchesAsync();
    }

    [Fact]
    public async Task Child_OverItsTime_TimesOutInTheParent()
    {
        await using var t = new Scenario(server.Client, "child-timeout");
        await t.WorkerAsync();
        await t.WarmAsync();
        var parent = await t.StartAsync("tryChild", ["waitGo", new { workflowRunTimeout = "2s" }]);
        await Scenario.EndAsync(parent);
        t.History("parent", parent.Id);
        t.History("child", $"{parent.Id}/child");
        await t.MatchesAsync(results: false);
    }

    [Fact]
    public async Task Cron_EndsOneRunAndBeginsTheNext()
    {
        await using var t = new Scenario(server.Client, "workflow-cron") { Dropped = ["firstWorkflowTaskBackoff"] };
        await t.WorkerAsync();
        var handle = await t.StartAsync("cronStep", [], options => options.CronSchedule = "@every 1s");
        var first = handle.FirstExecutionRunId!;
        await Mainstay.Testing.Eventually.TrueAsync(async () => (await handle.DescribeAsync()).RunId != first, Scenario.CancellationToken);
        var second = (await handle.DescribeAsync()).RunId;
        await t.TerminateAsync("main", "one firing is enough");
        t.History("run 1", handle.Id, first);
        await t.MatchesAsync(results: false);
        var started = (await t.Client.GetWorkflowHandle(handle.Id, second).FetchHistoryAsync()).Events.First().WorkflowExecutionStartedEventAttributes;
        Assert.Equal((first, ContinueAsNewInitiator.CronSchedule, "@every 1s", 1), (started.ContinuedExecutionRunId, started.Initiator, started.CronSchedule, started.Attempt));
        Assert.Single(started.LastCompletionResult.Payloads_);
    }

    [Fact]
    public async Task Terminate_TellsTheCaller_AndRefusesMore()
    {
        await using var t = new Scenario(server.Client, "terminate");
        await t.WorkerAsync();
        var handle = await t.StartAsync("waitGo");
        await t.UntilEventAsync(handle.Id, EventType.WorkflowTaskCompleted);
        await handle.TerminateAsync("on purpose", new() { Details = [new { who = "operator" }] });
        var failure = await Assert.ThrowsAsync<WorkflowFailedException>(() => handle.GetResultAsync());
        Assert.Equal("on purpose", Assert.IsType<TerminatedFailureException>(failure.InnerException).Message);
        foreach (var gone in new[] { handle, t.Client.GetWorkflowHandle(t.Name("nobody")) })
        {
            Assert.Equal(RpcException.StatusCode.NotFound, (await Assert.ThrowsAsync<RpcException>(() => gone.TerminateAsync())).Code);
        }

        await t.CallAsync("cancel after", () => handle.CancelAsync());
        t.History("main", handle.Id);
        await t.MatchesAsync();
    }

    [Fact]
    public async Task Reset_OfAClosedWorkflow_AppliesItsSignalsAgain()
    {
        await using var t = new Scenario(server.Client, "reset-closed");
        await t.WorkerAsync();
        var handle = await t.StartAsync("collect", [2]);
        await t.UntilEventAsync(handle.Id, EventType.WorkflowTaskCompleted);
        await handle.SignalAsync("add", ["a"]);
        await t.UntilEventAsync(handle.Id, EventType.WorkflowTaskCompleted, 2);
        await handle.SignalAsync("add", ["b"]);
        await Scenario.EndAsync(handle);
        var runId = await ResetAsync(t, handle, 4, "try again");
        t.Fact("second run", new { result = await t.Client.GetWorkflowHandle(handle.Id, runId).GetResultAsync<string[]>() });
        t.History("first", handle.Id, handle.FirstExecutionRunId);
        t.History("second", handle.Id, runId);
        await t.MatchesAsync();
    }

    [Fact]
    public async Task Reset_KeepsWhatWasDoneBefore()
    {
        await using var t = new Scenario(server.Client, "reset-running");
        var calls = 0;
        await t.WorkerAsync([Activities.Activity("count")] () => ++calls);
        var sequence = await t.StartAsync("sequence", ["count", new { startToCloseTimeout = "5s" }, 2]);
        await Scenario.EndAsync(sequence);
        var running = await t.StartAsync("updated", [], null, "running");
        await t.UntilEventAsync(running.Id, EventType.WorkflowTaskCompleted);
        var again = await ResetAsync(t, sequence, 10, "second activity again");
        t.Fact("after reset", new { result = await t.Client.GetWorkflowHandle(sequence.Id, again).GetResultAsync<int[]>() });
        t.Fact("activity calls", calls);
        var fresh = t.Client.GetWorkflowHandle(running.Id, await ResetAsync(t, running, 4, "while running"));
        await fresh.SignalAsync("go", []);
        await Scenario.EndAsync(fresh);
        t.History("sequence second", sequence.Id, again);
        t.History("running first", running.Id, running.FirstExecutionRunId);
        await t.MatchesAsync();
    }

    [Fact]
    public async Task Reset_ToNoTaskEnd_IsRefused()
    {
        await using var t = new Scenario(server.Client, "reset-invalid");
        await t.WorkerAsync();
        var handle = await t.StartAsync("timer", [10]);
        await Scenario.EndAsync(handle);
        await t.CallAsync("event 1", () => ResetAsync(t, handle, 1, "x"));
        await t.CallAsync("event 5", () => ResetAsync(t, handle, 5, "x"));
        await t.CallAsync("event 999", () => ResetAsync(t, handle, 999, "x"));
        await t.CallAsync("no event", () => ResetAsync(t, handle, 0, "x"));
        await t.CallAsync("unknown workflow", () => ResetAsync(t, t.Client.GetWorkflowHandle(t.Name("nobody")), 4, "x"));
    }

    [Fact]
    public async Task Describe_OfAClosedWorkflow_HasTheseFields()
    {
        await using var t = new Scenario(server.Client, "describe-closed");
        await t.WorkerAsync();
        var handle = await t.StartAsync("noop", [1]);
        await Scenario.EndAsync(handle);
        Task<DescribeWorkflowExecutionResponse> DescribeAsync(string id, string runId = "") =>
            t.Service.DescribeWorkflowExecutionAsync(new() { Namespace = "default", Execution = new() { WorkflowId = id, RunId = runId } });
        t.Fact("describe", Described(await DescribeAsync(handle.Id), "executionDuration", "searchAttributes"));
        await t.CallAsync("unknown workflow", () => DescribeAsync(t.Name("nobody")));
        await t.CallAsync("unknown run", () => DescribeAsync(handle.Id, Guid.NewGuid().ToString()));
        await t.CallAsync("run id that is no uuid", () => DescribeAsync(handle.Id, "not-a-uuid"));
    }

    [Fact]
    public async Task Describe_OfARunningWorkflow_ShowsWhatItWaitsFor()
    {
        await using var t = new Scenario(server.Client, "describe-running");
        var queue = t.Name("activities");
        await t.RawStartAsync("main", request =>
        {
            request.Memo = new() { Fields = { ["m"] = Scenario.Payload("memo") } };
            request.WorkflowRunTimeout = Seconds(100);
        });
        await t.CompleteTaskAsync(
            await t.PollTaskAsync(),
            Scenario.Activity("act-1", queue, a => (a.HeartbeatTimeout, a.StartToCloseTimeout, a.Input) = (Seconds(30), Seconds(60), Scenario.Payloads("in"))),
            Scenario.Activity("act-2", queue),
            new()
            {
                CommandType = CommandType.StartChildWorkflowExecution,
                StartChildWorkflowExecutionCommandAttributes = new()
                {
                    WorkflowId = t.Name("child"),
                    WorkflowType = new() { Name = "rawChild" },
                    TaskQueue = new() { Name = t.Name("children") },
                    ParentClosePolicy = ParentClosePolicy.Terminate,
                },
            },
            Scenario.Timer("t", 90));
        var taken = await t.PollActivityAsync(queue);
        await t.Service.RecordActivityTaskHeartbeatAsync(new() { Namespace = "default", TaskToken = taken.TaskToken, Details = Scenario.Payloads(new { at = 5 }), Identity = "raw-worker" });
        await t.UntilEventAsync(t.Name("main"), EventType.ChildWorkflowExecutionStarted);
        var described = await t.Service.DescribeWorkflowExecutionAsync(new() { Namespace = "default", Execution = new() { WorkflowId = t.Name("main") } });

        // Either activity may be the one that was taken: only what holds for both is compared.
        var pending = described.PendingActivities.OrderByDescending(activity => activity.ActivityId == taken.ActivityId).ToList();
        pending.ForEach(activity => (activity.ActivityId, activity.ActivityOptions) = (activity.ActivityId == taken.ActivityId ? "taken" : "waiting", null));
        described.PendingActivities.Clear();
        described.PendingActivities.Add(pending);
        t.Fact("describe", Described(described));
        await t.TerminateAsync("main");
    }

    private static Google.Protobuf.WellKnownTypes.Duration Seconds(int seconds) => new() { Seconds = seconds };

    private static async Task<string> ResetAsync(Scenario t, WorkflowHandle handle, long eventId, string reason) => (await t.Service.ResetWorkflowExecutionAsync(new()
    {
        Namespace = "default",
        WorkflowExecution = new() { WorkflowId = handle.Id, RunId = handle.FirstExecutionRunId ?? "" },
        WorkflowTaskFinishEventId = eventId,
        Reason = reason,
        RequestId = Guid.NewGuid().ToString(),
        Identity = "conformance-client",
    })).RunId;

    private static System.Text.Json.Nodes.JsonNode Described(IMessage description, params string[] more)
    {
        var json = Scenario.Json(description);
        foreach (var field in more.Concat(["stateTransitionCount", "historySizeBytes", "mostRecentWorkerVersionStamp", "assignedBuildId", "versioningInfo", "autoResetPoints"]))
        {
            json["workflowExecutionInfo"]!.AsObject().Remove(field);
        }

        return json;
    }
}
