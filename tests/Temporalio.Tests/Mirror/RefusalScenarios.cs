using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Temporalio.Api.Common.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Temporalio.Tests.Mirror;

/// <summary>What the server refuses, and how: the status codes and details of the golden files.</summary>
public sealed class RefusalScenarios(MirrorServer server)
{
    [Fact]
    public async Task Start_WithAWrongField_IsRefused()
    {
        await using var t = new Scenario(server.Client, "errors-start");
        var tooLong = new string('x', 1001);
        (string Fact, Action<StartWorkflowExecutionRequest> Change)[] attempts =
        [
            ("no workflow id", r => r.WorkflowId = ""),
            ("workflow id of 1001 characters", r => r.WorkflowId = tooLong),
            ("no workflow type", r => r.WorkflowType = new()),
            ("workflow type too long", r => r.WorkflowType.Name = tooLong),
            ("no task queue", r => r.TaskQueue = null),
            ("empty task queue", r => r.TaskQueue.Name = ""),
            ("task queue too long", r => r.TaskQueue.Name = tooLong),
            ("no namespace", r => r.Namespace = ""),
            ("negative run timeout", r => r.WorkflowRunTimeout = new() { Seconds = -1 }),
            ("retry policy with negative interval", r => r.RetryPolicy = new() { InitialInterval = new() { Seconds = -1 } }),
            ("retry policy with coefficient under one", r => r.RetryPolicy = new() { BackoffCoefficient = 0.5 }),
            ("retry policy with maximum under initial", r => r.RetryPolicy = new() { InitialInterval = new() { Seconds = 10 }, MaximumInterval = new() { Seconds = 1 } }),
            ("retry policy with negative attempts", r => r.RetryPolicy = new() { MaximumAttempts = -1 }),
            ("cron that is none", r => r.CronSchedule = "every full moon"),
            ("cron and start delay", r => (r.CronSchedule, r.WorkflowStartDelay) = ("* * * * *", new() { Seconds = 1 })),
            ("no request id", r => r.RequestId = ""),
            ("request id too long", r => r.RequestId = tooLong),
            ("input over 2 MiB", r => r.Input = new() { Payloads_ = { Scenario.Big() } }),
            ("input of just under 2 MiB", r => r.Input = new() { Payloads_ = { Scenario.Big((2 * 1024 * 1024) - 1000) } }),
            ("memo over 2 MiB", r => r.Memo = new() { Fields = { ["m"] = Scenario.Big() } }),
        ];
        foreach (var (fact, change) in attempts)
        {
            await t.CallAsync(fact, () => t.RawStartAsync(fact.Replace(' ', '-'), change));
        }

        await t.CallAsync("first", () => t.RawStartAsync("twice"));
        await t.CallAsync("already started", () => t.RawStartAsync("twice"));
    }

    [Fact]
    public async Task Calls_AboutWhatDoesNotExist_AreRefused()
    {
        await using var t = new Scenario(server.Client, "errors-unknown");
        var (s, ns, e, none) = (t.Service, "default", new WorkflowExecution { WorkflowId = t.Name("nobody") }, $"conf-{Guid.NewGuid():N}-none");
        var bad = ByteString.CopyFromUtf8("bad");
        var within = Scenario.Within(TimeSpan.FromSeconds(5));
        (string Fact, Func<Task> Call)[] calls =
        [
            ("describe", () => s.DescribeWorkflowExecutionAsync(new() { Namespace = ns, Execution = e })),
            ("history", () => s.GetWorkflowExecutionHistoryAsync(new() { Namespace = ns, Execution = e })),
            ("signal", () => s.SignalWorkflowExecutionAsync(new() { Namespace = ns, WorkflowExecution = e, SignalName = "s" })),
            ("cancel", () => s.RequestCancelWorkflowExecutionAsync(new() { Namespace = ns, WorkflowExecution = e })),
            ("terminate", () => s.TerminateWorkflowExecutionAsync(new() { Namespace = ns, WorkflowExecution = e })),
            ("query", () => s.QueryWorkflowAsync(new() { Namespace = ns, Execution = e, Query = new() { QueryType = "q" } })),
            ("update", () => s.UpdateWorkflowExecutionAsync(new()
            {
                Namespace = ns,
                WorkflowExecution = e,
                WaitPolicy = new() { LifecycleStage = UpdateWorkflowExecutionLifecycleStage.Completed },
                Request = new() { Meta = new() { UpdateId = "u" }, Input = new() { Name = "n" } },
            })),
            ("describe without execution", () => s.DescribeWorkflowExecutionAsync(new() { Namespace = ns })),
            ("describe without workflow id", () => s.DescribeWorkflowExecutionAsync(new() { Namespace = ns, Execution = new() })),
            ("signal without workflow id", () => s.SignalWorkflowExecutionAsync(new() { Namespace = ns, WorkflowExecution = new(), SignalName = "s" })),
            ("history with a bad run id", () => s.GetWorkflowExecutionHistoryAsync(new() { Namespace = ns, Execution = new(e) { RunId = "no-uuid" } })),
            ("history of an unknown run", () => s.GetWorkflowExecutionHistoryAsync(new() { Namespace = ns, Execution = new(e) { RunId = Guid.NewGuid().ToString() } })),
            ("complete with no token", () => s.RespondWorkflowTaskCompletedAsync(new() { Namespace = ns })),
            ("complete with a bad token", () => s.RespondWorkflowTaskCompletedAsync(new() { Namespace = ns, TaskToken = bad })),
            ("activity complete with no token", () => s.RespondActivityTaskCompletedAsync(new() { Namespace = ns })),
            ("activity complete with a bad token", () => s.RespondActivityTaskCompletedAsync(new() { Namespace = ns, TaskToken = bad })),
            ("activity heartbeat with no token", () => s.RecordActivityTaskHeartbeatAsync(new() { Namespace = ns })),
            ("activity complete by unknown id", () => s.RespondActivityTaskCompletedByIdAsync(new() { Namespace = ns, WorkflowId = e.WorkflowId, ActivityId = "a" })),
            ("activity complete without activity id", () => s.RespondActivityTaskCompletedByIdAsync(new() { Namespace = ns, WorkflowId = e.WorkflowId })),
            ("poll without a deadline", () => s.PollWorkflowTaskQueueAsync(new() { Namespace = ns, TaskQueue = new() { Name = t.Queue } })),
            ("poll without task queue", () => s.PollWorkflowTaskQueueAsync(new() { Namespace = ns }, within)),
            ("poll activities without task queue", () => s.PollActivityTaskQueueAsync(new() { Namespace = ns, TaskQueue = new() }, within)),
            ("delete", () => s.DeleteWorkflowExecutionAsync(new() { Namespace = ns, WorkflowExecution = e })),
            ("describe schedule", () => s.DescribeScheduleAsync(new() { Namespace = ns, ScheduleId = t.Name("nobody") })),
            ("delete schedule", () => s.DeleteScheduleAsync(new() { Namespace = ns, ScheduleId = t.Name("nobody") })),
            ("patch schedule", () => s.PatchScheduleAsync(new() { Namespace = ns, ScheduleId = t.Name("nobody"), Patch = new() { Pause = "x" } })),
        ];
        foreach (var (fact, call) in calls)
        {
            await t.CallAsync(fact, call);
        }

        await NoNamespaceAsync(() => s.PollWorkflowTaskQueueAsync(new() { Namespace = none, TaskQueue = new() { Name = "q" } }, within));
        await NoNamespaceAsync(() => s.DescribeWorkflowExecutionAsync(new() { Namespace = none, Execution = e }));
    }

    [Fact]
    public async Task Payloads_OverTheLimit_AreRefused_AndResultsEndTheRun()
    {
        await using var t = new Scenario(server.Client, "errors-oversize");
        var big = new Payloads { Payloads_ = { Scenario.Big() } };
        var main = new WorkflowExecution { WorkflowId = t.Name("main") };
        await t.RawStartAsync("main");
        await t.CallAsync("signal", () => t.Service.SignalWorkflowExecutionAsync(new() { Namespace = "default", WorkflowExecution = main, SignalName = "s", Input = big }));
        await t.CallAsync("query", () => t.Service.QueryWorkflowAsync(
            new() { Namespace = "default", Execution = main, Query = new() { QueryType = "q", QueryArgs = big } }, Scenario.Within(TimeSpan.FromSeconds(3))));
        var queue = t.Name("activities");
        await t.CompleteTaskAsync(await t.PollTaskAsync(), Scenario.Activity("1", queue, a => a.RetryPolicy = new() { MaximumAttempts = 1 }));
        var activity = await t.PollActivityAsync(queue);
        await t.CallAsync("activity result", () => t.Service.RespondActivityTaskCompletedAsync(new() { Namespace = "default", TaskToken = activity.TaskToken, Result = big, Identity = "raw-worker" }));
        var task = await t.PollTaskAsync();
        var complete = Scenario.Complete();
        complete.CompleteWorkflowExecutionCommandAttributes.Result = big;
        await t.CallAsync("workflow result", () => t.CompleteTaskAsync(task, complete));
        t.History("main", t.Name("main"));
        await t.MatchesAsync();
    }

    [Fact]
    public async Task SearchAttributes_ThatAreWrong_AreRefused()
    {
        await using var t = new Scenario(server.Client, "attributes-invalid");
        foreach (var (fact, attribute, value) in new[] { ("unknown name", "NoSuchAttribute", "x"), ("wrong type", "ConfInt", "not a number"), ("system attribute", "WorkflowType", "x") })
        {
            await t.CallAsync(fact, () => t.RawStartAsync(fact, request => request.SearchAttributes = new() { IndexedFields = { [attribute] = Scenario.Payload(value) } }));
        }
    }

    [Fact]
    public async Task Schedules_ThatAreWrong_AreRefused()
    {
        await using var t = new Scenario(server.Client, "schedule-invalid");
        (string Fact, Api.Schedule.V1.ScheduleSpec Spec)[] attempts =
        [
            ("bad cron", new() { CronString = { "whenever" } }),
            ("zero interval", new() { Interval = { new Api.Schedule.V1.IntervalSpec() } }),
            ("bad time zone", new() { TimezoneName = "Nowhere/Else" }),
            ("bad calendar", new() { Calendar = { new Api.Schedule.V1.CalendarSpec { Hour = "25" } } }),
        ];
        foreach (var (fact, spec) in attempts)
        {
            await t.CallAsync(fact, () => CreateAsync(t, "default", spec, fact));
        }

        await NoNamespaceAsync(() => CreateAsync(t, $"conf-{Guid.NewGuid():N}-none", new() { Interval = { new Api.Schedule.V1.IntervalSpec { Interval = new Duration { Seconds = 86400 } } } }, "none"));
    }

    private static async Task NoNamespaceAsync(Func<Task> call)
    {
        var refused = await Assert.ThrowsAsync<Exceptions.RpcException>(call);
        Assert.Equal(Exceptions.RpcException.StatusCode.NotFound, refused.Code);
        Assert.EndsWith(nameof(Api.ErrorDetails.V1.NamespaceNotFoundFailure), Google.Rpc.Status.Parser.ParseFrom(refused.RawStatus).Details.Single().TypeUrl, StringComparison.Ordinal);
    }

    private static Task CreateAsync(Scenario t, string ns, Api.Schedule.V1.ScheduleSpec spec, string id) => t.Service.CreateScheduleAsync(new()
    {
        Namespace = ns,
        ScheduleId = t.Name(id.Replace(' ', '-')),
        RequestId = id,
        Schedule = new()
        {
            Spec = spec,
            Action = new() { StartWorkflow = new() { WorkflowId = t.Name("w"), WorkflowType = new() { Name = "noop" }, TaskQueue = new() { Name = t.Queue } } },
        },
    });
}
