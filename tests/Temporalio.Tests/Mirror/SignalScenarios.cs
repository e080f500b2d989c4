namespace Temporalio.Tests.Mirror;

public sealed class SignalScenarios(MirrorServer server)
{
    [Fact]
    public async Task SignalWithStart_Twice_StartsOnce()
    {
        await using var t = new Scenario(server.Client, "signal-with-start");
        foreach (var word in new[] { "first", "second" })
        {
            await t.StartAsync("collect", [2], options => options.SignalWithStart("add", [word]));
        }

        await t.WorkerAsync();
        await Scenario.EndAsync(t.Client.GetWorkflowHandle(t.Name("main")));
        t.History("main", t.Name("main"));
        await t.MatchesAsync();
    }

    [Theory]
    [InlineData("signal-before-first-task", "a", "b", "c")]
    public async Task Signals_BeforeTheFirstTask_AreAllInIt(string name, params string[] words)
    {
        await using var t = new Scenario(server.Client, name);
        var handle = await t.StartAsync("collect", [words.Length]);
        foreach (var word in words)
        {
            await handle.SignalAsync("add", [word]);
        }

        await t.WorkerAsync();
        await Scenario.EndAsync(handle);
        t.History("main", handle.Id);
        await t.MatchesAsync();
    }

    [Fact]
    public async Task Signals_AHundred_StayInOrder()
    {
        await using var t = new Scenario(server.Client, "signal-many-in-order");
        var handle = await t.StartAsync("collect", [100]);
        for (var i = 0; i < 100; i++)
        {
            await handle.SignalAsync("add", [i]);
        }

        await t.WorkerAsync();
        await Scenario.EndAsync(handle);
        t.History("main", handle.Id);
        await t.MatchesAsync();
    }

    [Fact]
    public async Task Signals_WithoutAHandler_AreKeptForIt()
    {
        await using var t = new Scenario(server.Client, "signal-late-handler");
        var handle = await t.StartAsync("lateHandler", [3]);
        for (var i = 1; i <= 3; i++)
        {
            await handle.SignalAsync("add", [i]);
        }

        await handle.SignalAsync("go", ["now"]);
        await t.WorkerAsync();
        await Scenario.EndAsync(handle);
        t.History("main", handle.Id);
        await t.MatchesAsync();
    }

    [Fact]
    public async Task StartDelay_SignalMeanwhile_DoesNotStartTheTaskEarly()
    {
        await using var t = new Scenario(server.Client, "start-delay-signal");
        await t.WorkerAsync();
        var handle = await t.StartAsync("collect", [1], options => options.StartDelay = TimeSpan.FromMilliseconds(1500));
        await handle.SignalAsync("add", ["early"]);
        await Scenario.EndAsync(handle);
        t.History("main", handle.Id);
        await t.MatchesAsync();
    }

    [Theory]
    [InlineData("query-running", "on")]
    [InlineData("query-handler-throws", "fine")]
    public async Task Query_OfARunningWorkflow_LeavesNoEvent(string name, string word)
    {
        await using var t = new Scenario(server.Client, name);
        await t.WorkerAsync();
        var handle = await t.StartAsync("queried");
        if (name == "query-running")
        {
            t.Fact("state", await handle.QueryAsync<object>("state", []));
            t.Fact("state with argument", await handle.QueryAsync<object>("state", [new { n = 1 }]));
        }
        else
        {
            await Assert.ThrowsAsync<Exceptions.WorkflowQueryFailedException>(() => handle.QueryAsync<string>("state", ["throw"]));
        }

        await handle.SignalAsync("go", [word]);
        await Scenario.EndAsync(handle);
        t.History("main", handle.Id);
        await t.MatchesAsync();
    }

    [Fact]
    public async Task Cancel_BeforeTheFirstTask_EndsTheWorkflowCancelled()
    {
        await using var t = new Scenario(server.Client, "cancel-before-first-task");
        var handle = await t.StartAsync("waitGo");
        await handle.CancelAsync();
        await t.WorkerAsync();
        await Scenario.EndAsync(handle);
        t.History("main", handle.Id);
        await t.MatchesAsync();
    }

    [Fact]
    public async Task Cancel_Ignored_LeavesTheWorkflowGoingOn()
    {
        await using var t = new Scenario(server.Client, "cancel-ignored");
        await t.WorkerAsync();
        var handle = await t.StartAsync("ignoresCancel");
        await t.UntilEventAsync(handle.Id, EventType.WorkflowTaskCompleted);
        await handle.CancelAsync();
        await t.UntilEventAsync(handle.Id, EventType.WorkflowTaskCompleted, 2);
        await handle.CancelAsync();
        await handle.SignalAsync("go", ["done"]);
        await Scenario.EndAsync(handle);
        t.History("main", handle.Id);
        await t.MatchesAsync(results: false);
    }

    [Fact]
    public async Task Signal_ToAClosedOrUnknownWorkflow_IsRefused()
    {
        await using var t = new Scenario(server.Client, "signal-closed");
        await t.WorkerAsync();
        var handle = await t.StartAsync("noop");
        await Scenario.EndAsync(handle);
        await t.CallAsync("closed", () => handle.SignalAsync("go", [1]));
        await t.CallAsync("unknown", () => t.Client.GetWorkflowHandle(t.Name("nobody")).SignalAsync("go", [1]));
        await t.CallAsync("no name", () => t.SignalAsync("main", "", 1));
        t.History("main", handle.Id);
        await t.MatchesAsync();
    }

    [Fact]
    public async Task Query_OfAClosedWorkflow_ByAWorkerThatDoesNotKnowIt()
    {
        await using var t = new Scenario(server.Client, "query-closed");
        await t.WorkerAsync();
        var handle = await t.StartAsync("queried");
        await handle.SignalAsync("go", ["end"]);
        await Scenario.EndAsync(handle);
        await t.StopWorkersAsync();
        await t.WorkerAsync();
        t.Fact("state", await handle.QueryAsync<object>("state", []));
        foreach (var (fact, condition) in new[] { ("reject when not open", QueryRejectCondition.NotOpen), ("reject when not completed cleanly", QueryRejectCondition.NotCompletedCleanly) })
        {
            await t.CallAsync(
                fact, () => t.Service.QueryWorkflowAsync(new() { Namespace = "default", Execution = new() { WorkflowId = handle.Id }, Query = new() { QueryType = "state" }, QueryRejectCondition = condition }), r => r);
        }

        var rejected = await Assert.ThrowsAsync<Exceptions.WorkflowQueryRejectedException>(() => handle.QueryAsync<object>("state", [], new() { RejectCondition = QueryRejectCondition.NotOpen }));
        Assert.Equal(WorkflowExecutionStatus.Completed, rejected.WorkflowStatus);
    }

    [Fact]
    public async Task Query_UnknownTypeOrWorkflow_IsRefused()
    {
        await using var t = new Scenario(server.Client, "query-unknown");
        await t.WorkerAsync();
        var handle = await t.StartAsync("queried");
        var failed = await Assert.ThrowsAsync<Exceptions.WorkflowQueryFailedException>(() => handle.QueryAsync<object>("no-such-query", []));
        Assert.Contains("no-such-query", failed.Message, StringComparison.Ordinal);
        var unknown = await Assert.ThrowsAsync<Exceptions.RpcException>(() => t.Client.GetWorkflowHandle(t.Name("nobody")).QueryAsync<object>("state", []));
        Assert.Equal(Exceptions.RpcException.StatusCode.NotFound, unknown.Code);
        await t.CallAsync("no query", () => t.Service.QueryWorkflowAsync(new() { Namespace = "default", Execution = new() { WorkflowId = handle.Id } }));
        await handle.TerminateAsync();
    }
}
