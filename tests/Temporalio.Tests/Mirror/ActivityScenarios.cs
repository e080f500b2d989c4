using Temporalio.Activities;
using Temporalio.Exceptions;
using Temporalio.Worker;

namespace Temporalio.Tests.Mirror;

public sealed class ActivityScenarios(MirrorServer server)
{
    private static readonly object Quick = new { startToCloseTimeout = "5s" };

    // As long as the attempts themselves may take.
    private const string Patient = "8s";

    private static int Attempt => ActivityExecutionContext.Current.Info.Attempt;

    [Fact]
    public Task Activity_Succeeds() => RunAsync(
        "activity-success", "runActivity", ["greet", new { startToCloseTimeout = "5s" }, "world"], [Activity("greet")] (string name) => new { hello = name, attempt = Attempt });

    [Fact]
    public Task Activity_FailsTwiceThenSucceeds() => RunAsync(
        "activity-retry-success",
        "runActivity",
        ["flaky", new { startToCloseTimeout = "5s", retry = new { initialInterval = "300ms", backoffCoefficient = 2, maximumAttempts = 5 } }],
        [Activity("flaky")] () => Attempt < 3 ? throw new ApplicationFailureException($"attempt {Attempt} failed", errorType: "Flaky", details: [new { n = 1 }]) : "third time");

    [Fact]
    public Task Activity_OutlastsScheduleToCloseInItsBackoff() => RunAsync(
        "activity-schedule-to-close-backoff",
        "tryActivity",
        ["bad", new { scheduleToCloseTimeout = "3s", retry = new { initialInterval = "10s" } }],
        [Activity("bad")] string () => throw new ApplicationFailureException("no good", errorType: "NoGood"));

    [Fact]
    public Task Activity_NobodyPollsItsQueue() => RunAsync(
        "activity-schedule-to-start-timeout",
        "tryActivity",
        t => ["never", new { taskQueue = t.Name("nobody"), scheduleToStartTimeout = "1s", startToCloseTimeout = "5s" }]);

    [Fact]
    public Task Activity_TooSlow_TimesOut() => RunAsync(
        "activity-start-to-close-timeout",
        "tryActivity",
        ["slow", new { startToCloseTimeout = "1s", retry = new { maximumAttempts = 1 } }],
        [Activity("slow")] () => Task.Delay(Timeout.Infinite, ActivityExecutionContext.Current.WorkerShutdownToken));

    [Fact]
    public Task Activity_TooSlowOnce_IsTriedAgain() => RunAsync(
        "activity-start-to-close-retry",
        "runActivity",
        ["slowOnce", new { startToCloseTimeout = "1s", retry = new { initialInterval = "100ms", maximumAttempts = 3 } }],
        [Activity("slowOnce")] async () =>
        {
            if (Attempt == 1)
            {
                await Task.Delay(Timeout.Infinite, ActivityExecutionContext.Current.WorkerShutdownToken);
            }

            return "second";
        });

    [Fact]
    public Task Activity_HeartbeatStops_NextAttemptSeesTheLastDetails() => RunAsync(
        new Scenario(server.Client, "activity-heartbeat-timeout") { HeartbeatTimeout = "5s" },
        "runActivity",
        _ => ["beats", new { startToCloseTimeout = "10s", heartbeatTimeout = "5s", retry = new { initialInterval = "100ms", maximumAttempts = 3 } }],
        [Activity("beats")] async () =>
        {
            if (Attempt > 1)
            {
                return new { attempt = Attempt, from = await ActivityExecutionContext.Current.Info.HeartbeatDetailAtAsync<System.Text.Json.JsonElement>(0) };
            }

            ActivityExecutionContext.Current.Heartbeat(new { progress = 41 });
            await Task.Delay(Timeout.Infinite, ActivityExecutionContext.Current.WorkerShutdownToken);
            throw new InvalidOperationException("The wait has no end.");
        });

    [Fact]
    public Task Activities_TenAtOnce() => RunAsync(
        "activity-parallel", "manyActivities", ["double", new { startToCloseTimeout = "5s" }, 10], [Activity("double")] (int number) => number * 2);

    [Fact]
    public Task Activity_AsksForItsOwnRetryDelay() => RunAsync(
        "activity-next-retry-delay",
        "runActivity",
        ["delayed", new { startToCloseTimeout = "5s", retry = new { initialInterval = "20s", maximumAttempts = 3 } }],
        [Activity("delayed")] () => Attempt == 1 ? throw new ApplicationFailureException("not yet", errorType: "NotYet", nextRetryDelay: TimeSpan.FromSeconds(1)) : "done");

    [Fact]
    public Task Activity_NotRetryable_IsTriedOnce() => RunAsync(
        "activity-non-retryable",
        "runActivity",
        ["bad", Quick],
        [Activity("bad")] string () => throw new ApplicationFailureException("bad input", errorType: "BadInput", nonRetryable: true, details: ["x", 2]));

    [Fact]
    public Task Activity_OfATypeNotToRetry_IsTriedOnce() => RunAsync(
        "activity-non-retryable-type",
        "runActivity",
        ["bad", new { startToCloseTimeout = "5s", retry = new { nonRetryableErrorTypes = new[] { "Other", "Listed" } } }],
        [Activity("bad")] string () => throw new ApplicationFailureException("listed", errorType: "Listed"));

    // The type of a plain exception is its name, which is each language's own.
    [Fact]
    public Task Activity_FailsEachTime_UsesItsAttemptsUp() => RunAsync(
        "activity-retry-exhausted",
        "runActivity",
        ["bad", new { startToCloseTimeout = "5s", retry = new { initialInterval = "50ms", maximumAttempts = 3 } }],
        [Activity("bad")] string () => throw new ApplicationFailureException($"attempt {Attempt}", errorType: "Error"));

    [Fact]
    public Task Activity_OutlastsScheduleToClose() => RunAsync(
        "activity-schedule-to-close-timeout",
        "tryActivity",
        ["slow", new { scheduleToCloseTimeout = "1s" }],
        [Activity("slow")] () => Task.Delay(Timeout.Infinite, ActivityExecutionContext.Current.WorkerShutdownToken));

    [Fact]
    public async Task Activity_CancelledBeforeItStarts_IsNotStarted()
    {
        await using var t = new Scenario(server.Client, "activity-cancel-before-start") { HeartbeatTimeout = Patient };
        await t.WorkerAsync();
        var handle = await t.StartAsync("cancelActivity", ["WAIT_CANCELLATION_COMPLETED"]);
        await t.UntilEventAsync(handle.Id, EventType.ActivityTaskScheduled);
        await handle.SignalAsync("go", []);
        await Scenario.EndAsync(handle);
        t.History("main", handle.Id);
        await t.MatchesAsync(results: false);
    }

    [Fact]
    public async Task Activity_HeartbeatTimeoutOfTheLastAttempt_KeepsTheDetails()
    {
        await using var t = new Scenario(server.Client, "activity-heartbeat-timeout-final");
        await t.WorkerAsync();
        var queue = t.Name("activities");
        var handle = await t.StartAsync("tryActivity", ["rawBeats", new { taskQueue = queue, startToCloseTimeout = "10s", heartbeatTimeout = "1s", retry = new { maximumAttempts = 1 } }]);
        var token = (await t.PollActivityAsync(queue)).TaskToken;
        t.Fact("heartbeat answer", await t.Service.RecordActivityTaskHeartbeatAsync(
            new() { Namespace = "default", TaskToken = token, Details = Scenario.Payloads(new { step = 3 }), Identity = "raw-worker" }));
        await Scenario.EndAsync(handle);
        t.History("main", handle.Id);
        await t.MatchesAsync(results: false);
        await t.CallAsync("heartbeat after the timeout", () => t.Service.RecordActivityTaskHeartbeatAsync(new() { Namespace = "default", TaskToken = token }));
        await t.CallAsync("completion after the timeout", () => t.Service.RespondActivityTaskCompletedAsync(new() { Namespace = "default", TaskToken = token }));
    }

    [Fact]
    public async Task Activity_NotRegistered_IsRetried()
    {
        await using var t = new Scenario(server.Client, "activity-not-registered");
        await t.WorkerAsync([Activity("other")] () => 0);
        var handle = await t.StartAsync("runActivity", ["unheardOf", new { startToCloseTimeout = "5s", retry = new { initialInterval = "100ms", maximumInterval = "100ms" } }]);
        Api.Workflow.V1.PendingActivityInfo? pending = null;
        await Mainstay.Testing.Eventually.TrueAsync(
            async () => (pending = (await handle.DescribeAsync()).RawDescription.PendingActivities.FirstOrDefault()) is { Attempt: >= 3, LastFailure: not null }, Scenario.CancellationToken);
        var failure = pending!.LastFailure.ApplicationFailureInfo;
        t.Fact("pending activity", new { type = pending.ActivityType.Name, id = pending.ActivityId, failureType = failure.Type, nonRetryable = failure.NonRetryable });
        await handle.TerminateAsync("seen enough");
        t.History("main", handle.Id);
        await t.MatchesAsync();
    }

    [Fact]
    public async Task Activity_OverTheWire_IsTakenFailedAndCompleted()
    {
        await using var t = new Scenario(server.Client, "activity-raw-responses");
        await t.WorkerAsync();
        var queue = t.Name("activities");
        var retry = new { initialInterval = "100ms", maximumAttempts = 2 };
        var handle = await t.StartAsync(
            "tryActivity", ["rawAct", new { taskQueue = queue, startToCloseTimeout = "4s", scheduleToCloseTimeout = "9s", heartbeatTimeout = "3s", retry }, new { @in = 1 }, "two"]);
        var first = await t.PollActivityAsync(queue);
        var fields = Scenario.Json(first).AsObject();
        foreach (var measured in new[] { "taskToken", "pollerScalingDecision", "pollerGroupInfos", "pollerGroupId" })
        {
            fields.Remove(measured);
        }

        t.Fact("task of attempt 1", fields);
        await t.Service.RespondActivityTaskFailedAsync(new()
        {
            Namespace = "default",
            TaskToken = first.TaskToken,
            Identity = "raw-worker",
            Failure = new() { Message = "raw failure", Source = "raw", ApplicationFailureInfo = new() { Type = "Raw" } },
            LastHeartbeatDetails = Scenario.Payloads("beat at failure"),
        });
        var second = await t.PollActivityAsync(queue);
        t.Fact("task of attempt 2", new { attempt = second.Attempt, heartbeatDetails = Scenario.Json(second.HeartbeatDetails) });
        await t.CallAsync("cancelled without request", () => t.Service.RespondActivityTaskCanceledAsync(new() { Namespace = "default", TaskToken = second.TaskToken }));
        Task CompleteAsync() => t.Service.RespondActivityTaskCompletedAsync(
            new() { Namespace = "default", TaskToken = second.TaskToken, Identity = "raw-worker", Result = Scenario.Payloads("ok") });
        await CompleteAsync();
        await t.CallAsync("completed twice is refused", CompleteAsync);
        await Scenario.EndAsync(handle);
        t.History("main", handle.Id);
        await t.MatchesAsync();
    }

    [Theory]
    [InlineData("activity-cancel-try", "TRY_CANCEL")]
    [InlineData("activity-cancel-wait", "WAIT_CANCELLATION_COMPLETED")]
    [InlineData("activity-cancel-abandon", "ABANDON")]
    public async Task Activity_Cancelled_FollowsItsCancellationType(string name, string kind)
    {
        await using var t = new Scenario(server.Client, name) { HeartbeatTimeout = Patient };
        var running = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var released = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await t.WorkerAsync(t.Queue, BeatOften, [Activity("untilCancelled")] async () =>
        {
            running.TrySetResult();
            if (kind == "ABANDON")
            {
                await released.Task;
                return "finished";
            }

            await HeartbeatUntilCancelledAsync(new { alive = true });
            return "never";
        });
        try
        {
            var handle = await t.StartAsync("cancelActivity", [kind]);
            await running.Task.WaitAsync(Scenario.CancellationToken);
            await handle.SignalAsync("go", []);
            await Scenario.EndAsync(handle);
            t.History("main", handle.Id);
            await t.MatchesAsync(results: false);
        }
        finally
        {
            released.SetResult();
        }
    }

    [Fact]
    public async Task Workflow_CancelledInAnActivity_CleansUp()
    {
        await using var t = new Scenario(server.Client, "cancel-during-activity") { HeartbeatTimeout = Patient };
        var running = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await t.WorkerAsync(
            t.Queue,
            BeatOften,
            [Activity("untilCancelled")] async () =>
            {
                running.TrySetResult();
                await HeartbeatUntilCancelledAsync();
                return "never";
            },
            [Activity("cleanUp")] (string why) => why);
        var handle = await t.StartAsync("cancelledInActivity");
        await running.Task.WaitAsync(Scenario.CancellationToken);
        await handle.CancelAsync();
        await Scenario.EndAsync(handle);
        t.History("main", handle.Id);
        await t.MatchesAsync();
    }

    [Theory]
    [InlineData("activity-async-id", "runActivity")]
    [InlineData("activity-async-fail", "tryActivity")]
    public async Task Activity_EndedFromElsewhere(string name, string type)
    {
        await using var t = new Scenario(server.Client, name);
        var info = new TaskCompletionSource<ActivityInfo>(TaskCreationOptions.RunContinuationsAsynchronously);
        await t.WorkerAsync([Activity("later")] string () =>
        {
            info.TrySetResult(ActivityExecutionContext.Current.Info);
            throw new CompleteAsyncException();
        });
        var handle = await t.StartAsync(type, ["later", new { startToCloseTimeout = "10s" }]);
        var later = await info.Task.WaitAsync(Scenario.CancellationToken);
        if (name == "activity-async-fail")
        {
            await t.Client.GetAsyncActivityHandle(later.TaskToken).FailAsync(new ApplicationFailureException("later failed", errorType: "Later", nonRetryable: true));
        }
        else
        {
            var unknown = t.Client.GetAsyncActivityHandle(handle.Id, handle.FirstExecutionRunId!, "no-such");
            Assert.Equal(RpcException.StatusCode.NotFound, (await Assert.ThrowsAsync<RpcException>(() => unknown.CompleteAsync(1))).Code);
            await t.Client.GetAsyncActivityHandle(handle.Id, handle.FirstExecutionRunId!, later.ActivityId).CompleteAsync(new { by = "id" });
        }

        await Scenario.EndAsync(handle);
        t.History("main", handle.Id);
        await t.MatchesAsync(results: type == "runActivity");
    }

    [Fact]
    public async Task Activity_CompletedByToken()
    {
        await using var t = new Scenario(server.Client, "activity-async-token");
        var token = new TaskCompletionSource<byte[]>(TaskCreationOptions.RunContinuationsAsynchronously);
        await t.WorkerAsync([Activity("later")] string () =>
        {
            token.TrySetResult(ActivityExecutionContext.Current.Info.TaskToken);
            throw new CompleteAsyncException();
        });
        var handle = await t.StartAsync("runActivity", ["later", new { startToCloseTimeout = "10s", heartbeatTimeout = "5s" }]);
        var later = t.Client.GetAsyncActivityHandle(await token.Task.WaitAsync(Scenario.CancellationToken));
        await later.HeartbeatAsync(new() { Details = [new { alive = 1 }] });
        await later.CompleteAsync(new { by = "token" });
        await Scenario.EndAsync(handle);
        t.History("main", handle.Id);
        await t.MatchesAsync();
    }

    // Whether it is cancelled an activity learns by a heartbeat.
    private static void BeatOften(TemporalWorkerOptions options) => options.MaxHeartbeatThrottleInterval = TimeSpan.FromMilliseconds(100);

    private static async Task HeartbeatUntilCancelledAsync(params object?[] details)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (await timer.WaitForNextTickAsync(ActivityExecutionContext.Current.CancellationToken))
        {
            ActivityExecutionContext.Current.Heartbeat(details);
        }
    }

    private Task RunAsync(string name, string type, object?[] args, params Delegate[] activities) => RunAsync(name, type, _ => args, activities);

    private Task RunAsync(string name, string type, Func<Scenario, object?[]> args, params Delegate[] activities) => RunAsync(new Scenario(server.Client, name), type, args, activities);

    private static async Task RunAsync(Scenario scenario, string type, Func<Scenario, object?[]> args, params Delegate[] activities)
    {
        await using var t = scenario;
        await t.WorkerAsync(activities);
        await t.WarmAsync();
        var handle = await t.StartAsync(type, args(t));
        await Scenario.EndAsync(handle);
        t.History("main", handle.Id);
        await t.MatchesAsync(results: type != "tryActivity");
    }
}
