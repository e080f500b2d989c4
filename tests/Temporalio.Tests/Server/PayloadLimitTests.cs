using Temporalio.Activities;
using Temporalio.Client;
using Temporalio.Exceptions;
using Temporalio.Tests.Mirror;
using Temporalio.Worker;
using Temporalio.Workflows;

namespace Temporalio.Tests.Server;

/// <summary>Results that are larger than the server takes.</summary>
public sealed class PayloadLimitTests(MirrorServer server)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Result_OverTheLimit_FailsTheAttemptsUntilItIsSmaller()
    {
        var handle = await StartAsync("too-large");
        using var worker = Worker("too-large", new LargeActivities());
        Assert.Equal("activity 2", await worker.ExecuteAsync(() => handle.GetResultAsync(), Token));
        var failed = (await handle.FetchHistoryAsync()).Events.First(e => e.EventType == EventType.WorkflowTaskFailed).WorkflowTaskFailedEventAttributes;
        Assert.Equal((WorkflowTaskFailedCause.PayloadsTooLarge, "PayloadsTooLarge"), (failed.Cause, failed.Failure.ApplicationFailureInfo.Type));
        Assert.Equal("[TMPRL1103] Attempted to upload payloads with size that exceeded the error limit.", failed.Failure.Message);
    }

    [Fact]
    public async Task Result_OverTheLimitAndNotChecked_LetsTheServerEndTheWorkflow()
    {
        var handle = await StartAsync("unchecked");
        using var worker = Worker("unchecked", new LargeActivities(), options => options.DisablePayloadErrorLimit = true);
        var failure = await worker.ExecuteAsync(() => Assert.ThrowsAsync<WorkflowFailedException>(() => handle.GetResultAsync()), Token);
        Assert.IsType<ActivityFailureException>(failure.InnerException);
    }

    [Theory]
    [InlineData("Beat")]
    [InlineData("BeatAndFail")]
    public async Task Heartbeat_OverTheLimit_FailsTheAttemptAndIsTriedAgain(string activity)
    {
        var handle = await server.Client.StartWorkflowAsync((AskingWorkflow workflow) => workflow.RunAsync(activity), new($"large-{activity}", $"large-{activity}"));
        using var worker = Worker($"large-{activity}", new LargeActivities());
        Assert.Equal("activity 2", await worker.ExecuteAsync(() => handle.GetResultAsync(), Token));
        var started = (await handle.FetchHistoryAsync()).Events.Single(e => e.EventType == EventType.ActivityTaskStarted).ActivityTaskStartedEventAttributes;
        Assert.Equal((2, "PayloadsTooLarge"), (started.Attempt, started.LastFailure.ApplicationFailureInfo.Type));
    }

    [Fact]
    public async Task Update_AnswerOverTheLimit_FailsTheTaskAndNotTheWorkflow()
    {
        var handle = await server.Client.StartWorkflowAsync((AnsweringWorkflow workflow) => workflow.RunAsync(), new("large-update", "large-update"));
        using var worker = Worker("large-update", new LargeActivities());
        Assert.Equal("small", await worker.ExecuteAsync(() => handle.ExecuteUpdateAsync(workflow => workflow.AnswerAsync()), Token));
        var failed = (await handle.FetchHistoryAsync()).Events.First(e => e.EventType == EventType.WorkflowTaskFailed).WorkflowTaskFailedEventAttributes;
        Assert.Equal(WorkflowTaskFailedCause.PayloadsTooLarge, failed.Cause);
    }

    private Task<WorkflowHandle<LargeWorkflow, string>> StartAsync(string name) =>
        server.Client.StartWorkflowAsync((LargeWorkflow workflow) => workflow.RunAsync(), new(name, name));

    private TemporalWorker Worker(string queue, LargeActivities activities, Action<TemporalWorkerOptions>? configure = null)
    {
        var options = new TemporalWorkerOptions(queue).AddWorkflow<LargeWorkflow>().AddWorkflow<AskingWorkflow>().AddWorkflow<AnsweringWorkflow>().AddAllActivities(activities);
        configure?.Invoke(options);
        return new TemporalWorker(server.Client, options);
    }

    /// <summary>Has a large result until it is corrected, which it is when a worker has tried it once.</summary>
    [Workflow]
    public sealed class LargeWorkflow
    {
        private static int tries;

        [WorkflowRun]
        public async Task<string> RunAsync()
        {
            var result = await Workflow.ExecuteActivityAsync((LargeActivities a) => a.Make(), new() { StartToCloseTimeout = TimeSpan.FromMinutes(1) });
            return Interlocked.Increment(ref tries) == 1 ? Large() : result;
        }
    }

    /// <summary>Has one activity done.</summary>
    [Workflow]
    public sealed class AskingWorkflow
    {
        [WorkflowRun]
        public Task<string> RunAsync(string activity) =>
            Workflow.ExecuteActivityAsync<string>(activity, [], new() { StartToCloseTimeout = TimeSpan.FromMinutes(1), HeartbeatTimeout = TimeSpan.FromSeconds(30) });
    }

    /// <summary>Answers an update with what is too large until it is corrected, which it is when a worker has tried it once.</summary>
    [Workflow]
    public sealed class AnsweringWorkflow
    {
        private static int tries;

        [WorkflowRun]
        public Task RunAsync() => Workflow.WaitConditionAsync(() => false);

        [WorkflowUpdate]
        public Task<string> AnswerAsync() => Task.FromResult(Interlocked.Increment(ref tries) == 1 ? Large() : "small");
    }

    /// <summary>Has a large result, or large heartbeats, in its first attempt.</summary>
    public sealed class LargeActivities
    {
        [Activity]
        public async Task<string> Beat()
        {
            var context = ActivityExecutionContext.Current;
            if (context.Info.Attempt == 1)
            {
                context.Heartbeat(Large());
                await Task.Delay(Timeout.Infinite, context.CancellationToken);
            }

            return $"activity {context.Info.Attempt}";
        }

        [Activity]
        public string BeatAndFail()
        {
            var context = ActivityExecutionContext.Current;
            if (context.Info.Attempt == 1)
            {
                // The first one goes at once; the second one is held back, and goes with the failure.
                context.Heartbeat("small");
                context.Heartbeat(Large());
                throw new ApplicationFailureException("after a large heartbeat");
            }

            return $"activity {context.Info.Attempt}";
        }

        [Activity]
        public string Make() => ActivityExecutionContext.Current.Info.Attempt == 1 ? Large() : $"activity {ActivityExecutionContext.Current.Info.Attempt}";
    }

    private static string Large() => new('x', 3 * 1024 * 1024);
}
