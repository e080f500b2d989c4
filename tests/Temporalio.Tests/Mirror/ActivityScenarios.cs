using Temporalio.Activities;
using Temporalio.Exceptions;

namespace Temporalio.Tests.Mirror;

public sealed class ActivityScenarios(MirrorServer server) : IClassFixture<MirrorServer>
{
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
        "activity-heartbeat-timeout",
        "runActivity",
        ["beats", new { startToCloseTimeout = "10s", heartbeatTimeout = "1s", retry = new { initialInterval = "100ms", maximumAttempts = 3 } }],
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

    [Theory]
    [InlineData("activity-cancel-try", "TRY_CANCEL")]
    [InlineData("activity-cancel-wait", "WAIT_CANCELLATION_COMPLETED")]
    [InlineData("activity-cancel-abandon", "ABANDON")]
    public async Task Activity_Cancelled_FollowsItsCancellationType(string name, string kind)
    {
        await using var t = new Scenario(server.Client, name);
        var running = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var released = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await t.WorkerAsync([Activity("untilCancelled")] async () =>
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
        var handle = await t.StartAsync("cancelActivity", [kind]);
        await running.Task.WaitAsync(Scenario.CancellationToken);
        await handle.SignalAsync("go", []);
        await Scenario.EndAsync(handle);
        t.History("main", handle.Id);
        await t.MatchesAsync(results: false);
        released.SetResult();
    }

    [Fact]
    public async Task Workflow_CancelledInAnActivity_CleansUp()
    {
        await using var t = new Scenario(server.Client, "cancel-during-activity");
        var running = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await t.WorkerAsync(
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

    private static async Task HeartbeatUntilCancelledAsync(params object?[] details)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (await timer.WaitForNextTickAsync(ActivityExecutionContext.Current.CancellationToken))
        {
            ActivityExecutionContext.Current.Heartbeat(details);
        }
    }

    private Task RunAsync(string name, string type, object?[] args, params Delegate[] activities) => RunAsync(name, type, _ => args, activities);

    private async Task RunAsync(string name, string type, Func<Scenario, object?[]> args, params Delegate[] activities)
    {
        await using var t = new Scenario(server.Client, name);
        await t.WorkerAsync(activities);
        var handle = await t.StartAsync(type, args(t));
        await Scenario.EndAsync(handle);
        t.History("main", handle.Id);
        await t.MatchesAsync(results: type != "tryActivity");
    }
}
