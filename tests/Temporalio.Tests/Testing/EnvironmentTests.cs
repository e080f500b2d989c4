using Mainstay.Testing;
using Temporalio.Activities;
using Temporalio.Client;
using Temporalio.Common;
using Temporalio.Testing;
using Temporalio.Tests.Mirror;
using Temporalio.Worker;
using Temporalio.Workflows;

namespace Temporalio.Tests.Testing;

[Workflow]
public sealed class MonthWorkflow
{
    [WorkflowRun]
    public async Task<DateTime> RunAsync()
    {
        await Workflow.DelayAsync(TimeSpan.FromDays(30));
        return Workflow.UtcNow;
    }
}

/// <summary>The environments find PostgreSQL as the tests do.</summary>
public sealed class EnvironmentTests : IAsyncLifetime
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task StartTimeSkipping_ResultOfAMonth_IsThereAtOnce()
    {
        await using var environment = await WorkflowEnvironment.StartTimeSkippingAsync();
        using var worker = new TemporalWorker(environment.Client, new TemporalWorkerOptions("queue").AddWorkflow<MonthWorkflow>());
        var began = await environment.GetCurrentTimeAsync();
        var watch = System.Diagnostics.Stopwatch.StartNew();
        var ended = await worker.ExecuteAsync(() => environment.Client.ExecuteWorkflowAsync((MonthWorkflow workflow) => workflow.RunAsync(), new("month", "queue")), Token);

        Assert.True(environment.SupportsTimeSkipping);
        Assert.InRange(ended - began, TimeSpan.FromDays(30), TimeSpan.FromDays(31));
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromDays(1));
    }

    [Fact]
    public async Task Delay_OfTheEnvironment_MovesItsClock_AndNothingElseDoes()
    {
        await using var environment = await WorkflowEnvironment.StartTimeSkippingAsync();
        using var worker = new TemporalWorker(environment.Client, new TemporalWorkerOptions("queue").AddWorkflow<MonthWorkflow>());
        var began = await environment.GetCurrentTimeAsync();
        await worker.ExecuteAsync(
            async () =>
            {
                var handle = await environment.Client.StartWorkflowAsync((MonthWorkflow workflow) => workflow.RunAsync(), new("month", "queue"));
                await environment.DelayAsync(TimeSpan.FromDays(3));
                Assert.Equal(Api.Enums.V1.WorkflowExecutionStatus.Running, (await handle.DescribeAsync()).Status);
                Assert.InRange(await environment.GetCurrentTimeAsync() - began, TimeSpan.FromDays(3), TimeSpan.FromDays(4));
                using var soon = new CancellationTokenSource(TimeSpan.FromSeconds(1));
                await environment.WithAutoTimeSkippingDisabledAsync(() => Assert.ThrowsAnyAsync<Exception>(() => handle.GetResultAsync(rpcOptions: new() { CancellationToken = soon.Token })));
                Assert.InRange(await environment.GetCurrentTimeAsync() - began, TimeSpan.FromDays(3), TimeSpan.FromDays(4));
                Assert.InRange(await handle.GetResultAsync() - began, TimeSpan.FromDays(30), TimeSpan.FromDays(31));
            },
            Token);
    }

    [Fact]
    public async Task StartLocal_WithSearchAttributes_ServesAWorkflow()
    {
        var color = SearchAttributeKey.CreateKeyword("Color");
        await using var environment = await WorkflowEnvironment.StartLocalAsync(new() { SearchAttributes = [color] });
        using var worker = new TemporalWorker(environment.Client, new TemporalWorkerOptions("queue").AddWorkflow<NoopWorkflow>());
        var options = new WorkflowOptions("local", "queue") { TypedSearchAttributes = new SearchAttributeCollection.Builder().Set(color, "red").ToSearchAttributeCollection() };
        await worker.ExecuteAsync(() => environment.Client.ExecuteWorkflowAsync("noop", [1], options), Token);

        Assert.False(environment.SupportsTimeSkipping);
        await Eventually.TrueAsync(async () => (await environment.Client.CountWorkflowsAsync("Color = 'red'")).Count == 1, Token);
    }

    [Fact]
    public async Task ActivityEnvironment_GivesTheContext_AndCancels()
    {
        var heartbeats = new List<object?>();
        var environment = new ActivityEnvironment { Info = ActivityEnvironment.DefaultInfo with { Attempt = 3 }, Heartbeater = details => heartbeats.AddRange(details) };
        var seen = await environment.RunAsync(async () =>
        {
            var context = ActivityExecutionContext.Current;
            context.Heartbeat("alive");
            environment.Cancel(ActivityCancelReason.Timeout);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.Delay(Timeout.Infinite, context.CancellationToken));
            return (context.Info.Attempt, context.CancelReason);
        });

        Assert.Equal((3, ActivityCancelReason.Timeout), seen);
        Assert.Equal(["alive"], heartbeats);
        Assert.False(ActivityExecutionContext.HasCurrent);
    }

    public async ValueTask InitializeAsync() =>
        Environment.SetEnvironmentVariable("MAINSTAY_TEST_POSTGRES", (await PostgresFixture.SettingsAsync("postgres")).ConnectionString);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
