using Temporalio.Tests.Mirror;
using Temporalio.Worker;
using Temporalio.Workflows;

namespace Temporalio.Tests.Worker;

/// <summary>Holds its thread until a test lets it go.</summary>
[Workflow]
public sealed class BlockingWorkflow
{
    public static readonly ManualResetEventSlim Gate = new(false);

    [WorkflowRun]
    public Task<string> RunAsync()
    {
        Gate.Wait(CancellationToken.None);
        return Task.FromResult("went on");
    }
}

public sealed class DeadlockTests(MirrorServer server)
{
    [Fact]
    public async Task Workflow_ThatDoesNotYield_FailsItsTaskAndGoesOnLater()
    {
        var queue = $"deadlock-{Guid.NewGuid():n}";
        using var worker = new TemporalWorker(server.Client, new TemporalWorkerOptions(queue).AddWorkflow<BlockingWorkflow>());
        var result = await worker.ExecuteAsync(
            async () =>
            {
                var handle = await server.Client.StartWorkflowAsync((BlockingWorkflow workflow) => workflow.RunAsync(), new(queue, queue));
                Api.History.V1.HistoryEvent? failed = null;
                await Mainstay.Testing.Eventually.TrueAsync(
                    async () => (failed = (await handle.FetchHistoryAsync()).Events.FirstOrDefault(e => e.EventType == EventType.WorkflowTaskFailed)) is not null, TestContext.Current.CancellationToken);
                Assert.StartsWith("[TMPRL1101]", failed!.WorkflowTaskFailedEventAttributes.Failure.Message, StringComparison.Ordinal);
                BlockingWorkflow.Gate.Set();
                return await handle.GetResultAsync();
            },
            TestContext.Current.CancellationToken);
        Assert.Equal("went on", result);
    }
}
