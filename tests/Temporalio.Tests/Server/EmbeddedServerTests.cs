using Mainstay.Testing;
using Temporalio.Client;
using Temporalio.Exceptions;
using Temporalio.Tests.Mirror;
using Temporalio.Worker;

namespace Temporalio.Tests.Server;

/// <summary>The SDK against the embedded server: what either loses by a restart.</summary>
public sealed class EmbeddedServerTests(MirrorServer shared)
{
    private const string Queue = "embedded";

    [Fact]
    public async Task CheckHealth_OfAServerThatServes_IsTrue()
    {
        Assert.True(await shared.Client.Connection.CheckHealthAsync());
    }

    [Fact]
    public async Task Workflow_WorkerStoppedAndAnotherStarted_GoesOnWithoutRepeating()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        var client = shared.Client;
        var activities = new CommissioningActivities();
        var handle = await client.StartWorkflowAsync((CommissioningWorkflow workflow) => workflow.RunAsync(3), new("worker-restart", Queue));
        using (var first = Worker(client, activities))
        {
            await first.ExecuteAsync(() => LogReachesAsync(handle, 3, cancellationToken), cancellationToken);
        }

        await handle.SignalAsync(workflow => workflow.NoteAsync("between"));
        using var second = Worker(client, activities);
        var result = await second.ExecuteAsync(
            async () =>
            {
                var refusal = await Assert.ThrowsAsync<WorkflowUpdateFailedException>(() => handle.ExecuteUpdateAsync(workflow => workflow.ApproveAsync(string.Empty)));
                Assert.Equal("An approval needs a name", refusal.InnerException?.Message);
                Assert.Equal("thanks Ada", await handle.ExecuteUpdateAsync(workflow => workflow.ApproveAsync("Ada")));
                return await handle.GetResultAsync();
            },
            cancellationToken);
        Assert.Equal("4 sheets, approved by Ada", result);
        Assert.Equal(3, activities.Attempts);
        await ReplayAsync<CommissioningWorkflow>(handle, cancellationToken);
    }

    [Fact]
    public async Task Workflow_ServerKilledAndStarted_GoesOnWithTheSameWorker()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var server = await EmbeddedTemporal.StartAsync(cancellationToken);
        var client = await TemporalClient.ConnectAsync(new(server.Address));
        var activities = new CommissioningActivities();
        using var worker = Worker(client, activities);
        var result = await worker.ExecuteAsync(
            async () =>
            {
                var handle = await client.StartWorkflowAsync((CommissioningWorkflow workflow) => workflow.RunAsync(2), new("server-restart", Queue));
                await LogReachesAsync(handle, 2, cancellationToken);
                await server.KillAsync();
                await server.RunAsync(cancellationToken);
                await handle.ExecuteUpdateAsync(workflow => workflow.ApproveAsync("Ada"));
                return await handle.GetResultAsync();
            },
            cancellationToken);
        Assert.Equal("2 sheets, approved by Ada", result);
        Assert.Equal(2, activities.Attempts);
    }

    [Fact]
    public async Task Workflows_ServerKilledAndWorkerReplacedWhileTheyWait_LoseNothing()
    {
        string[] kinds = ["timer", "signal", "activity"];
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var server = await EmbeddedTemporal.StartAsync(cancellationToken);
        var client = await TemporalClient.ConnectAsync(new(server.Address));
        var activities = new PatientActivities();
        var handles = await Task.WhenAll(kinds.Select(kind => client.StartWorkflowAsync((PatientWorkflow workflow) => workflow.RunAsync(kind), new(kind, Queue))));
        using (var first = Worker(client, activities))
        {
            await first.ExecuteAsync(
                () => Task.WhenAll(handles.Select(handle => Eventually.TrueAsync(() => handle.QueryAsync(workflow => workflow.Waiting), cancellationToken))), cancellationToken);
        }

        await server.KillAsync();
        await server.RunAsync(cancellationToken);
        activities.Release();
        await Task.WhenAll(handles.Select(handle => handle.SignalAsync(workflow => workflow.GoAsync("on"))));
        using var second = Worker(client, activities);
        Assert.Equal(kinds.Select(kind => $"{kind}: on"), await second.ExecuteAsync(() => Task.WhenAll(handles.Select(handle => handle.GetResultAsync())), cancellationToken));
        foreach (var handle in handles)
        {
            await ReplayAsync<PatientWorkflow>(handle, cancellationToken);
        }
    }

    [Fact]
    public async Task Start_TwiceWithOneId_SaysWhichRunExists()
    {
        var client = shared.Client;
        var handle = await client.StartWorkflowAsync((CommissioningWorkflow workflow) => workflow.RunAsync(1), new("twice", "nobody"));
        var failure = await Assert.ThrowsAsync<WorkflowAlreadyStartedException>(
            () => client.StartWorkflowAsync((CommissioningWorkflow workflow) => workflow.RunAsync(1), new("twice", "nobody")));
        Assert.Equal(handle.ResultRunId, failure.RunId);
        await handle.TerminateAsync("enough");
        var ended = await Assert.ThrowsAsync<WorkflowFailedException>(() => handle.GetResultAsync());
        Assert.IsType<TerminatedFailureException>(ended.InnerException);
    }

    private static TemporalWorker Worker(TemporalClient client, object activities) =>
        new(client, new TemporalWorkerOptions(Queue).AddAllActivities(activities.GetType(), activities).AddWorkflow<CommissioningWorkflow>().AddWorkflow<PatientWorkflow>());

    private static async Task LogReachesAsync(WorkflowHandle<CommissioningWorkflow, string> handle, int count, CancellationToken cancellationToken)
    {
        try
        {
            await Eventually.TrueAsync(async () => (await handle.QueryAsync(workflow => workflow.Log)).Count >= count, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            Assert.Fail(string.Join('\n', (await handle.FetchHistoryAsync()).Events));
        }
    }

    private static async Task ReplayAsync<TWorkflow>(WorkflowHandle handle, CancellationToken cancellationToken)
    {
        var replayer = new WorkflowReplayer(new WorkflowReplayerOptions().AddWorkflow<TWorkflow>());
        await replayer.ReplayWorkflowAsync(await handle.FetchHistoryAsync(), cancellationToken: cancellationToken);
    }
}
