using Temporalio.Activities;
using Temporalio.Exceptions;
using Temporalio.Tests.Mirror;
using Temporalio.Worker;
using Temporalio.Workflows;

namespace Temporalio.Tests.Server;

/// <summary>Updates that a validator rejects while the workflow is at work.</summary>
public sealed class RejectedUpdateTests(MirrorServer server)
{
    [Fact]
    public async Task Update_RejectedWhileTasksAreUnderWay_IsAnsweredEveryTime()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        var client = server.Client;
        using var worker = new TemporalWorker(client, new TemporalWorkerOptions("busy").AddWorkflow<BusyWorkflow>().AddActivity(BusyWorkflow.Nothing));
        await worker.ExecuteAsync(() => Parallel.ForEachAsync(Enumerable.Range(0, 40), new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = cancellationToken }, async (number, _) =>
        {
            var handle = await client.StartWorkflowAsync((BusyWorkflow workflow) => workflow.RunAsync(), new($"busy-{number}", "busy"));
            for (var update = 0; update < 10; update++)
            {
                var refusal = await Assert.ThrowsAsync<WorkflowUpdateFailedException>(() => handle.ExecuteUpdateAsync(workflow => workflow.AskAsync()).WaitAsync(TimeSpan.FromSeconds(30), cancellationToken));
                Assert.Equal("Never.", refusal.InnerException?.Message);
            }

            await handle.SignalAsync(workflow => workflow.StopAsync());
            await handle.GetResultAsync();
        }), cancellationToken);
    }

    /// <summary>Has something to do until it is told to stop, and refuses every update.</summary>
    [Workflow]
    public sealed class BusyWorkflow
    {
        private bool stopped;

        [Activity]
        public static void Nothing()
        {
        }

        [WorkflowRun]
        public async Task RunAsync()
        {
            while (!stopped)
            {
                await Workflow.ExecuteActivityAsync(() => Nothing(), new() { StartToCloseTimeout = TimeSpan.FromSeconds(10) });
                await Workflow.WaitConditionAsync(() => stopped, TimeSpan.FromMilliseconds(20));
            }
        }

        [WorkflowSignal]
        public Task StopAsync()
        {
            stopped = true;
            return Task.CompletedTask;
        }

        [WorkflowUpdate]
        public Task AskAsync() => Task.CompletedTask;

        [WorkflowUpdateValidator(nameof(AskAsync))]
        public void Refuse() => throw new ApplicationFailureException("Never.");
    }
}
