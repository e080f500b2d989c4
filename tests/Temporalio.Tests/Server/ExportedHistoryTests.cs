using Temporalio.Common;
using Temporalio.Exceptions;
using Temporalio.Tests.Execution;
using Temporalio.Tests.Mirror;
using Temporalio.Worker;

namespace Temporalio.Tests.Server;

/// <summary>Histories that went through Temporal's own tools.</summary>
public sealed class ExportedHistoryTests(MirrorServer server)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Replay_OfAnExportedHistory_AgreesWithTheWorkflowAndNotWithAnother()
    {
        var options = new TemporalWorkerOptions("exported").AddAllActivities(new CommissioningActivities()).AddWorkflow<CommissioningWorkflow>();
        using var worker = new TemporalWorker(server.Client, options);
        var handle = await server.Client.StartWorkflowAsync((CommissioningWorkflow workflow) => workflow.RunAsync(2), new("exported", "exported"));
        await worker.ExecuteAsync(
            async () =>
            {
                await handle.SignalAsync(workflow => workflow.NoteAsync("noted"));
                await handle.ExecuteUpdateAsync(workflow => workflow.ApproveAsync("Ada"));
                await handle.GetResultAsync();
            },
            Token);
        var history = await handle.FetchHistoryAsync();

        Assert.DoesNotContain("EVENT_TYPE_", ToolExports.Formerly(history.Events), StringComparison.Ordinal);
        foreach (var json in new[] { history.ToJson(), ToolExports.Today(history.Events), ToolExports.Formerly(history.Events) })
        {
            var read = WorkflowHistory.FromJson("exported", json);
            Assert.Equal(history.Events, read.Events);
            await new WorkflowReplayer(new WorkflowReplayerOptions().AddWorkflow<CommissioningWorkflow>()).ReplayWorkflowAsync(read, cancellationToken: Token);
            var other = new WorkflowReplayer(new WorkflowReplayerOptions().AddWorkflow<OtherCommissioningWorkflow>());
            await Assert.ThrowsAsync<WorkflowNondeterminismException>(() => other.ReplayWorkflowAsync(read, cancellationToken: Token));
        }
    }

    /// <summary>Bears the name, and does something else.</summary>
    [Workflows.Workflow(nameof(CommissioningWorkflow))]
    public sealed class OtherCommissioningWorkflow
    {
        [Workflows.WorkflowRun]
        public async Task<string> RunAsync(int sheets)
        {
            await Workflows.Workflow.DelayAsync(TimeSpan.FromSeconds(sheets));
            return "";
        }
    }
}
