using Task = System.Threading.Tasks.Task;
using TaskStatus = Mainstay.Orchestrator.V1.TaskStatus;

namespace Mainstay.Orchestrator.Tests.Engine;

/// <summary>What an orchestrator promises while the workflow engine is away; with an engine of its own, which may be killed.</summary>
public sealed class EngineAwayTests : IAsyncLifetime
{
    private readonly OrchestratorFixture orchestrator = new();

    public ValueTask InitializeAsync() => orchestrator.InitializeAsync();

    public ValueTask DisposeAsync() => orchestrator.DisposeAsync();

    [Fact]
    public async Task StartTask_EngineAway_IsAcceptedAndRunsOnceTheEngineIsBack()
    {
        var team = await orchestrator.TeamAsync("answer");
        await orchestrator.Temporal.KillAsync();

        var taskId = await team.StartAsync();
        var accepted = await team.GetAsync(taskId);
        await orchestrator.Temporal.RunAsync(TestContext.Current.CancellationToken);
        var events = await team.WatchAsync(taskId);

        Assert.Equal(TaskStatus.Running, accepted.Status);
        Assert.Equal("workflow.completed", events[^1].Type);
        Assert.Single(events, taskEvent => taskEvent.Type == "workflow.started");
    }
}
