using Temporalio.Activities;
using Temporalio.Api.WorkflowService.V1;
using Temporalio.Client;
using Temporalio.Exceptions;
using Temporalio.Worker;
using Temporalio.Workflows;

namespace Temporalio.Tests.Wire;

[Workflow]
public sealed class ReviewWorkflow
{
    private string? verdict;

    [WorkflowRun]
    public async Task<string> RunAsync(string sheet)
    {
        var values = await Workflow.ExecuteActivityAsync((ReviewActivities a) => a.MeasureAsync(sheet), new() { StartToCloseTimeout = TimeSpan.FromSeconds(5) });
        await Workflow.WaitConditionAsync(() => verdict is not null);
        var doubled = await Workflow.ExecuteLocalActivityAsync((ReviewActivities a) => a.Double(values), new() { StartToCloseTimeout = TimeSpan.FromSeconds(5) });
        await Workflow.DelayAsync(TimeSpan.FromSeconds(1));
        return $"{sheet}: {doubled}, {verdict}";
    }

    [WorkflowSignal]
    public Task DecideAsync(string decision)
    {
        verdict = decision;
        return Task.CompletedTask;
    }
}

public sealed class ReviewActivities
{
    [Activity]
    public Task<int> MeasureAsync(string sheet) => sheet.Length > 0
        ? Task.FromResult(sheet.Length)
        : throw new ApplicationFailureException("An empty sheet cannot be measured", "EmptySheet", nonRetryable: true);

    [Activity]
    public int Double(int value) => value * 2;
}

public sealed class WorkerTests
{
    [Fact]
    public async Task Worker_ActivitySignalLocalActivityAndTimer_GivesTheResult()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var server = await ScriptedServer.StartAsync(cancellationToken);
        var client = await TemporalClient.ConnectAsync(new(server.Address));
        using var worker = Worker(client);
        var result = await worker.ExecuteAsync(
            async () =>
            {
                var handle = await client.StartWorkflowAsync((ReviewWorkflow workflow) => workflow.RunAsync("sheet"), new("workflow", "queue"));
                await handle.SignalAsync(workflow => workflow.DecideAsync("approved"));
                return await handle.GetResultAsync();
            },
            cancellationToken);
        Assert.Equal("sheet: 10, approved", result);
    }

    [Fact]
    public async Task Worker_ActivityFails_ReasonReachesTheClient()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var server = await ScriptedServer.StartAsync(cancellationToken);
        var client = await TemporalClient.ConnectAsync(new(server.Address));
        using var worker = Worker(client);
        var failure = await worker.ExecuteAsync(
            () => Assert.ThrowsAsync<WorkflowFailedException>(() => client.ExecuteWorkflowAsync((ReviewWorkflow workflow) => workflow.RunAsync(string.Empty), new("workflow", "queue"))),
            cancellationToken);
        var activity = Assert.IsType<ActivityFailureException>(failure.InnerException);
        Assert.Equal("EmptySheet", Assert.IsType<ApplicationFailureException>(activity.InnerException).ErrorType);
    }

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 0)]
    public async Task Worker_ActivityScheduled_IsAskedForAtOnceUnlessSwitchedOff(bool off, int expected)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var server = await ScriptedServer.StartAsync(cancellationToken);
        var client = await TemporalClient.ConnectAsync(new(server.Address));
        using var worker = Worker(client, options => options.DisableEagerActivityExecution = off);
        await worker.ExecuteAsync(() => ReviewAsync(client), cancellationToken);

        Assert.Equal(expected, server.Eager);
    }

    [Fact]
    public async Task Worker_OfADeployment_SaysSoInEveryPollAndAnswer()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var server = await ScriptedServer.StartAsync(cancellationToken);
        var client = await TemporalClient.ConnectAsync(new(server.Address));
        using var worker = Worker(
            client, options => options.DeploymentOptions = new(new("reviews", "build-7"), useWorkerVersioning: true) { DefaultVersioningBehavior = Common.VersioningBehavior.AutoUpgrade });
        await worker.ExecuteAsync(() => ReviewAsync(client), cancellationToken);

        var expected = new Api.Deployment.V1.WorkerDeploymentOptions { DeploymentName = "reviews", BuildId = "build-7", WorkerVersioningMode = WorkerVersioningMode.Versioned };
        var answer = Sent<RespondWorkflowTaskCompletedRequest>(server);
        Assert.Equal((expected, VersioningBehavior.AutoUpgrade), (answer.DeploymentOptions, answer.VersioningBehavior));
        Assert.Equal(expected, Sent<PollWorkflowTaskQueueRequest>(server).DeploymentOptions);
        Assert.Equal(expected, Sent<PollActivityTaskQueueRequest>(server).DeploymentOptions);
        Assert.Equal(expected, Sent<RespondActivityTaskCompletedRequest>(server).DeploymentOptions);
    }

    [Fact]
    public async Task Connect_NobodyListens_SaysWhereTo()
    {
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(
            () => TemporalClient.ConnectAsync(new("127.0.0.1:1") { RpcRetry = new() { MaxRetries = 0 } }));
        Assert.Contains("127.0.0.1:1", failure.Message, StringComparison.Ordinal);
    }

    private static T Sent<T>(ScriptedServer server) => (T)server.Last[typeof(T)];

    private static async Task<string> ReviewAsync(TemporalClient client)
    {
        var handle = await client.StartWorkflowAsync((ReviewWorkflow workflow) => workflow.RunAsync("sheet"), new("workflow", "queue"));
        await handle.SignalAsync(workflow => workflow.DecideAsync("approved"));
        return await handle.GetResultAsync();
    }

    private static TemporalWorker Worker(TemporalClient client, Action<TemporalWorkerOptions>? configure = null)
    {
        var options = new TemporalWorkerOptions("queue").AddAllActivities(new ReviewActivities()).AddWorkflow<ReviewWorkflow>();
        configure?.Invoke(options);
        return new(client, options);
    }
}
